/**
 * The best first: a line entered for the day, the customer's own day, what all keep, the weather, the house's own day, the days off. `value` names the
 * day, the festival or the solar term.
 */
export const CLOSING_KINDS = [
  'day',
  'birthday',
  'festival',
  'solar_term',
  'cold',
  'heat',
  'member_day',
  'weekend',
  'weekend_eve',
  'default',
] as const;

/** What a call of a certain day ends with (CAR-5). Greetings of Spring Festival and National Day are the province's (GOV-6): none stands here. */
export interface ClosingLineRow {
  kind: (typeof CLOSING_KINDS)[number];
  value: string;
  zh: string;
  en: string;
}

const term = (value: string, zh: string, en: string): ClosingLineRow => ({ kind: 'solar_term', value, zh, en });
const plain = (kind: ClosingLineRow['kind'], zh: string, en: string): ClosingLineRow => ({ kind, value: '', zh, en });
const festival = (value: string, zh: string, en: string): ClosingLineRow => ({ kind: 'festival', value, zh, en });

export const CLOSING_LINES: readonly ClosingLineRow[] = [
  plain('default', '感谢您的接听，祝您生活愉快，再见！', 'Thank you for your time. Have a good day, goodbye!'),
  plain('weekend_eve', '马上就是休息日了，祝您和家人过得轻松愉快，再见！', 'The days off begin tomorrow: enjoy them with your family. Goodbye!'),
  plain('weekend', '今天周末，不多打扰您休息了，祝您周末愉快，再见！', 'It is the weekend and I will not keep you: enjoy it. Goodbye!'),
  plain('birthday', '今天是您的生日，祝您生日快乐、身体健康，再见！', 'It is your birthday today: many happy returns. Goodbye!'),
  plain('cold', '这几天降温，请您注意保暖，出门多加件衣服，再见！', 'It turns cold these days: keep warm and wrap up when you go out. Goodbye!'),
  plain('heat', '这几天高温，请您注意防暑，多喝水，再见！', 'It is very hot these days: drink enough and stay out of the sun. Goodbye!'),
  plain(
    'member_day',
    '今天是会员日，有空可以看看您的会员权益，祝您生活愉快，再见！',
    'It is member day today: do look at what you are entitled to. Goodbye!',
  ),
  festival('元旦', '新年好，祝您新的一年顺顺利利，再见！', 'Happy New Year, may it go well for you. Goodbye!'),
  festival('元宵节', '今天元宵节，祝您团团圆圆、和和美美，再见！', 'Happy Lantern Festival to you and your family. Goodbye!'),
  festival('妇女节', '祝您节日快乐，每天都有好心情，再见！', 'Happy Women’s Day. Goodbye!'),
  festival('清明节', '清明时节出行的人多，路上请多小心，再见！', 'Roads are busy around Qingming, take care. Goodbye!'),
  festival('劳动节', '劳动节快乐，您辛苦了，好好休息，再见！', 'Happy Labour Day, have a good rest. Goodbye!'),
  festival('青年节', '五四青年节快乐，祝您活力满满，再见！', 'Happy Youth Day. Goodbye!'),
  festival('端午节', '端午安康，祝您和家人平安健康，再见！', 'A healthy Dragon Boat Festival to you and your family. Goodbye!'),
  festival('儿童节', '儿童节到了，祝家里的小朋友节日快乐，再见！', 'Happy Children’s Day to the little ones at home. Goodbye!'),
  festival('七夕节', '七夕到了，祝您和家人甜甜蜜蜜，再见！', 'A happy Qixi Festival to you both. Goodbye!'),
  festival('教师节', '今天是教师节，向身边的老师们问好，再见！', 'It is Teachers’ Day: our regards to the teachers around you. Goodbye!'),
  festival('中秋节', '中秋快乐，祝您月圆人团圆，再见！', 'Happy Mid-Autumn Festival, may the family be together. Goodbye!'),
  festival('重阳节', '重阳节到了，祝家里的长辈健康长寿，再见！', 'Happy Double Ninth Festival, good health to your elders. Goodbye!'),
  festival('腊八节', '今天腊八，记得喝碗热粥暖暖身子，再见！', 'It is Laba today: a bowl of hot porridge will do you good. Goodbye!'),
  term('立春', '今天立春，万象更新，祝您春天有个好的开始，再见！', 'Spring begins today: a good start to you. Goodbye!'),
  term('雨水', '雨水到了，早晚还凉，注意添衣，再见！', 'Rain Water is here and mornings are cool, dress warmly. Goodbye!'),
  term('惊蛰', '惊蛰过后气温多变，请注意增减衣物，再见！', 'After the Awakening of Insects the weather changes quickly, take care. Goodbye!'),
  term('春分', '今天春分，昼夜平分，祝您春日好心情，再见！', 'It is the spring equinox: enjoy the season. Goodbye!'),
  term('清明', '清明时节多雨，出门记得带伞，再见！', 'It often rains around Qingming, remember an umbrella. Goodbye!'),
  term('谷雨', '谷雨到了，春天快过去了，多出门走走，再见！', 'Grain Rain is here and spring is ending: enjoy the open air. Goodbye!'),
  term('立夏', '今天立夏，天气渐热，多喝水，再见！', 'Summer begins today, remember to drink enough. Goodbye!'),
  term('小满', '今天小满，小满即是圆满，祝您事事如意，再见！', 'It is Lesser Fullness today: may all go your way. Goodbye!'),
  term('芒种', '芒种时节忙，也请您注意休息，再见！', 'It is a busy season, do rest as well. Goodbye!'),
  term('夏至', '今天夏至，白天最长，注意防暑，再见！', 'It is the longest day of the year, mind the heat. Goodbye!'),
  term('小暑', '小暑到了，出门注意防晒，再见！', 'Minor Heat is here, mind the sun. Goodbye!'),
  term('大暑', '大暑天热，请多喝水、少在外面走动，再见！', 'These are the hottest days: drink enough and stay in the shade. Goodbye!'),
  term('立秋', '今天立秋，早晚渐凉，祝您秋日安康，再见！', 'Autumn begins today and evenings grow cool. Stay well, goodbye!'),
  term('处暑', '处暑一过暑气就退了，祝您神清气爽，再见！', 'The heat is on its way out. Enjoy the cooler days, goodbye!'),
  term('白露', '白露到了，早晚露水重，注意保暖，再见！', 'White Dew is here and mornings are cold, keep warm. Goodbye!'),
  term('秋分', '今天秋分，昼夜平分，祝您收获满满，再见！', 'It is the autumn equinox: a rich harvest to you. Goodbye!'),
  term('寒露', '寒露到了，天气转凉，记得添衣，再见！', 'Cold Dew is here, remember a warmer coat. Goodbye!'),
  term('霜降', '霜降了，早晚温差大，请注意保暖，再见！', 'Frost is here and nights are cold, keep warm. Goodbye!'),
  term('立冬', '今天立冬，天气冷了，注意身体，再见！', 'Winter begins today, look after yourself. Goodbye!'),
  term('小雪', '小雪到了，天冷路滑，出门多小心，再见！', 'Minor Snow is here and roads are slippery, take care. Goodbye!'),
  term('大雪', '大雪时节，注意防寒保暖，再见！', 'Major Snow is here, keep warm. Goodbye!'),
  term('冬至', '今天冬至，记得吃碗热饺子、热汤圆，再见！', 'It is the winter solstice: have something hot with the family. Goodbye!'),
  term('小寒', '小寒天冷，出门注意保暖，再见！', 'Minor Cold is here, keep warm. Goodbye!'),
  term('大寒', '大寒是最冷的时候，也是春天的前一站，保重身体，再见！', 'These are the coldest days, spring is next. Take care, goodbye!'),
];
