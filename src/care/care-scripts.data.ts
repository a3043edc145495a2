import type { Script } from '../campaigns/script/script.types.js';
import type { RuleCode } from './care.types.js';

/** What the calls of a care rule begin with; planners rewrite it on the page of the standing campaign. */
export const CARE_SCRIPTS: Partial<Record<RuleCode, Script>> = {
  'star-revisit': {
    opening: '今天打给您不是推销，是例行回访，想听听您最近用得怎么样。',
    branches: [
      {
        key: 'high',
        title: '五至七星',
        stars: [7, 6, 5],
        text: '您是我们的{{starLevel}}星级客户，我是您的专属客户经理，有事可以直接找我。\n▸ 产品和终端用得顺不顺手，账单看不看得懂\n您现在的套餐是{{package}}，有没有哪里觉得不合适？\n▸ 说一条最近的星级权益和活动',
      },
      {
        key: 'rated',
        title: '一至四星',
        stars: [4, 3, 2, 1],
        text: '您现在的套餐是{{package}}，最近通话和上网都还顺畅吗？\n▸ 产品和终端、账单、权益、活动，挑客户关心的谈\n有什么需要我们改进的，您尽管说。',
      },
    ],
    objections: [
      { title: '没时间', text: '好的，不多打扰。您看什么时候方便，我再给您打过来？' },
      { title: '你是不是推销', text: '不是推销，今天只是回访，您有问题我来跟进，没有问题我们就到这里。' },
    ],
  },
  'star-promotion': {
    opening: '恭喜您升级为我们的{{starLevel}}星级客户，我是您的专属客户经理，今天打给您是介绍一下您的新权益。',
    branches: [
      {
        key: 'welcome',
        title: '升星走访',
        text: '▸ 权益：说清楚这一级有哪些权益、怎么用，看客户页的星级权益\n▸ 我的联系方式：请客户记下电话，有事可以直接找我\n▸ 生日：核对日期，问清公历还是农历\n▸ 兴趣：平时喜欢什么，关心哪些活动\n▸ 第二联系人：不方便时还可以联系谁\n▸ 企业微信：征得同意后添加',
      },
    ],
    objections: [
      { title: '升星要不要花钱', text: '不用花钱，星级是按您的使用情况评定的，权益都是免费的。' },
      { title: '没时间', text: '好的，不多打扰。您看什么时候方便，我再给您打过来？' },
    ],
  },
  'star-rights': {
    opening: '今天打给您不是推销，是把您的服务变化跟您说一声。',
    branches: [
      {
        key: 'news',
        title: '权益和客户经理变动',
        text: '▸ 看上面的拨打原因：哪些权益变了，怎么用；取消的要说清楚从什么时候起\n您是我们的{{starLevel}}星级客户，有几项权益和以前不一样了，我给您说明一下。\n▸ 换了客户经理的：自我介绍，请客户记下电话，前一位答应过的事问清楚，接着办',
      },
    ],
    objections: [
      { title: '为什么取消', text: '我理解您的心情，权益每年会统一调整。您的意见我记下来反映上去，现在能用的我给您说清楚怎么用。' },
      { title: '为什么又换人', text: '不好意思让您重新认识。以后您的事都由我负责，之前没办完的，您告诉我，我来跟进。' },
    ],
  },
  birthday: {
    opening: '今天打电话来，是祝您生日快乐，身体健康，一切顺心。',
    branches: [
      {
        key: 'wish',
        title: '生日祝福',
        text: '您是我们的{{starLevel}}星级客户，感谢您一直以来的支持。\n▸ 说一条本月的生日权益，问一句近况，不推销',
      },
    ],
    objections: [{ title: '你们怎么知道我的生日', text: '是您办理业务时登记的。您要是不希望我们用来祝福，我现在就为您取消。' }],
  },
  'roaming-return': {
    opening: '欢迎您回来。今天打给您，是想了解一下您在境外用得怎么样。',
    branches: [
      {
        key: 'fees',
        title: '费用说明',
        text: '▸ 确认是本人后再说目的地和费用，看上面的拨打原因\n您在境外的通话和流量费用，我给您说明一下。\n▸ 有疑问的费用记下来，答应什么时候答复\n下次出境之前，可以先开通漫游包，这样更划算。',
      },
    ],
    objections: [{ title: '费用太高了', text: '我理解您的心情。我把明细给您核对一遍，有问题的部分马上为您登记，会有专人答复您。' }],
  },
  silent: {
    opening: '好久没有联系您了，今天打给您，是想问候一声，看看有什么可以为您做的。',
    branches: [
      {
        key: 'news',
        title: '权益和账单',
        text: '▸ 确认是本人后再说账单，看上面的拨打原因\n您是我们的{{starLevel}}星级客户，这一级的权益您都用上了吗？\n▸ 挑一两条权益说清楚怎么用，再问近来通话和上网是否顺畅\n▸ 有合适的优惠才提，不合适就不提',
      },
    ],
    objections: [{ title: '不需要联系我', text: '好的，我记下来。以后有需要，您随时可以打10000找我。' }],
  },
  'package-usage': {
    opening: '今天打给您，是想帮您看看套餐合不合用，不办理也没有关系。',
    branches: [
      {
        key: 'fit',
        title: '套餐合不合用',
        text: '▸ 确认是本人后再说用量和账单，看上面的拨打原因\n您现在的套餐是{{package}}，我给您算一算近三个月的用量和费用。\n▸ 流量不够：先说流量包，再说升档；比现在贵的要说清楚贵多少\n▸ 用得少：教用法、荐应用；语音多余可谈副卡',
      },
    ],
    objections: [{ title: '不想换套餐', text: '好的，不换也可以。您留意一下用量，需要的时候打10000就能加流量包，当月有效。' }],
  },
};
