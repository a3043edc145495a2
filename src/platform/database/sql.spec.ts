import { parse } from 'postgres-array';
import { listOf } from './sql.js';

describe('a list as PostgreSQL writes it', () => {
  it.each([[[]], [['1', '22']], [['陈先生，您好', 'null', '']], [['a"b', 'c\\d', '{,}', 'line\nbreak', '\ud83d\ude00', '\u0007']]])(
    '%j comes back as it was',
    (values: string[]) => {
      expect(parse(listOf(values))).toEqual(values);
    },
  );

  it('numbers stand as they are, and so does what is missing', () => {
    expect([listOf([1, null, 'null']), listOf([1, null, '\\'])]).toEqual(['{1,null,"null"}', '{1,null,"\\\\"}']);
  });
});
