import { initialsOf, type NameWanted, readName } from './initials.policy.js';

describe('CUS-1 a name is found by the first letters of its pinyin', () => {
  it.each<[string, string | null]>([
    ['陈志远', 'czy'],
    ['王芳', 'wf'],
    // surnames that are read in a way of their own
    ['单雄信', 'sxx'],
    ['仇英', 'qy'],
    ['曾国藩', 'zgf'],
    ['解缙', 'xj'],
    ['区文', 'ow'],
    ['查良镛', 'zly'],
    ['朴树', 'ps'],
    ['乐嘉', 'yj'],
    ['繁星', 'px'],
    ['折可适', 'sks'],
    ['召忽', 'sh'],
    ['种师道', 'csd'],
    ['盖叫天', 'gjt'],
    // the same characters within a given name
    ['王单', 'wd'],
    ['李曾', 'lc'],
    ['张解语', 'zjy'],
    // surnames of two characters
    ['欧阳若曦', 'oyrx'],
    ['尉迟恭', 'ycg'],
    ['万俟卨', 'mqx'],
    ['长孙无忌', 'zswj'],
    ['澹台明', 'ttm'],
    ['单于飞', 'cyf'],
    ['司马相如', 'smxr'],
    // a compound surname needs a given name after it
    ['长孙', 'cs'],
    ['', null],
    ['·', null],
    ['※※', null],
    ['John Smith', 'johnsmith'],
    ['买买提·艾力', 'mmtal'],
    ['李Amy', 'lamy'],
    // enterprises: the words decide
    ['重庆火锅店有限公司', 'cqhgdyxgs'],
    ['长城宽带', 'cckd'],
    ['重庆长安汽车', 'cqcaqc'],
    ['江苏省电力有限公司南京市供电分公司高新技术产业开发区办事处', 'jssdlyxgsnjsgdfgsgxjscykf'.slice(0, 24)],
  ])('%s: %s', (name, initials) => {
    expect(initialsOf(name)).toBe(initials);
  });

  it.each<[string, NameWanted]>([
    ['czy', { initials: 'czy' }],
    [' CZY ', { initials: 'czy' }],
    ['c z y', { initials: 'czy' }],
    ['陈zy', { prefix: '陈', initials: 'czy' }],
    ['尉迟g', { prefix: '尉迟', initials: 'ycg' }],
    ['陈志', { prefix: '陈志' }],
    ['John Smith', { initials: 'johnsmith' }],
    ['陈(志', { prefix: '陈(志' }],
    ['%', { prefix: '%' }],
  ])('somebody types %s', (typed, wanted) => {
    expect(readName(typed)).toEqual(wanted);
  });
});
