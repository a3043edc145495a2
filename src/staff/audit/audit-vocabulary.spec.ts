import { Catalogue } from '../../platform/i18n/catalogue.js';
import { FIELD_WORDS, VALUE_WORDS } from './audit-vocabulary.js';

describe('the vocabulary of the audit log', () => {
  it('SYS-2 leads to texts there are: a page that renames them takes the log with it', () => {
    const keys = Catalogue.load('templates/locales').keys('zh');
    const prefixes = [...Object.values(FIELD_WORDS), ...Object.values(VALUE_WORDS)].flat();
    expect(prefixes.filter((prefix) => !keys.some((key) => key.startsWith(prefix)))).toEqual([]);
  });
});
