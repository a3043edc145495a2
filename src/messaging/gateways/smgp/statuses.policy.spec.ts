import { statusText, verdictOf } from './statuses.policy.js';

describe('SMS-4 what a status of SMGP means', () => {
  it.each([
    [0, 'accepted', '0'],
    [1, 'slow_down', '1 系统忙'],
    [103, 'slow_down', '103 提交过快'],
    [104, 'slow_down', '104 系统忙'],
    [119, 'slow_down', '119 虚拟号码超流控'],
    [2, 'not_sent', '2 超过最大连接数'],
    [20, 'not_sent', '20 IP地址错'],
    [21, 'not_sent', '21 认证错'],
    [43, 'not_sent', '43 非法业务代码'],
    [75, 'not_sent', '75 SP发送超过日流量'],
    [76, 'not_sent', '76 SP账号过有效期'],
    [36, 'rejected', '36 非法短消息长度'],
    [47, 'rejected', '47 非法接收号码'],
    [58, 'rejected', '58 没有匹配路由'],
    [106, 'rejected', '106 敏感短信'],
    [4711, 'rejected', '4711'],
  ])('%d is %s: %s', (status, verdict, text) => {
    expect([verdictOf(status), statusText(status)]).toEqual([verdict, text]);
  });
});
