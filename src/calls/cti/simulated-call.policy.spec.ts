import { planCall } from './simulated-call.policy.js';

describe('CAM-5 what the simulator does with a number', () => {
  it.each([
    ['+8613900000007', ['dialling 0', 'ringing 1', 'ended 30 19']],
    ['+8613900000008', ['dialling 0', 'ringing 1', 'ended 3 17']],
    ['+8613900000009', ['dialling 0', 'ringing 1', 'ended 5 20']],
    ['+8613900000012', ['dialling 0', 'ringing 1', 'answered 6', 'ended 22 16']],
    ['+8613900000056', ['dialling 0', 'ringing 1', 'answered 6', 'ended 66 16']],
    ['+8613900000000', ['dialling 0', 'ringing 1', 'answered 6', 'ended 10 16']],
  ])('%s', (number, events) => {
    expect(planCall(number).map(({ type, after, cause }) => [type, after, cause].filter((one) => one !== undefined).join(' '))).toEqual(events);
  });
});
