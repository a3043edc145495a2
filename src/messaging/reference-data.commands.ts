import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { Database } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { CONFIRM_WORDS } from '../calls/orders/order-confirmations.commands.js';
import type { MessagePurpose } from './messaging.types.js';
import { ORDER_TEMPLATE } from './wording/wording.js';

interface DefaultTemplate {
  code: string;
  name: string;
  purpose: MessagePurpose;
  body: string;
  expectedReplies?: readonly string[];
}

/** The operator's own name: the product's never reaches a customer. */
const SIGNATURE = '中国电信';
const SIMULATOR_RATE = 1000;

export const DEFAULT_TEMPLATES: readonly DefaultTemplate[] = [
  {
    code: 'birthday',
    name: '生日祝福',
    purpose: 'care',
    body: '{{honorific}}，今天是您的生日，祝您生日快乐，身体健康，万事顺心！感谢您一直以来的支持，有任何需要请随时致电10000。',
  },
  {
    code: 'roaming-return',
    name: '漫游归来',
    purpose: 'care',
    body: '{{honorific}}，欢迎回来！您在境外的通信账单已出，可致电10000查询明细，您的客户经理也会与您联系，为您说明费用。',
  },
  {
    code: 'star-promotion',
    name: '升星告知',
    purpose: 'service',
    body: '{{honorific}}，恭喜您成为我们的{{starLevel}}星级客户，您的专属客户经理是{{manager.name}}，近期会致电为您介绍星级权益。',
  },
  {
    code: 'star-rights',
    name: '权益和客户经理变动告知',
    purpose: 'service',
    body: '{{honorific}}您好，您的{{starLevel}}星服务有更新。您的专属客户经理是{{manager.name}}，近几天会致电为您说明权益变化，您也可致电10000查询。',
  },
  {
    code: 'star-revisit-missed',
    name: '回访未接通留言',
    purpose: 'care',
    body: '{{honorific}}您好，我是您的客户经理{{manager.name}}，今天致电回访未能与您联系上。如需帮助，请致电10000，我们随时为您服务。',
  },
  {
    code: 'silent',
    name: '沉默客户关怀',
    purpose: 'care',
    body: '{{honorific}}您好，我是您的客户经理{{manager.name}}，好久没有联系您了。您的星级权益和账单有任何疑问都可以找我，近几天我会致电问候，您也可致电10000。',
  },
  {
    code: 'sms-visit',
    name: '每月短信问候',
    purpose: 'greeting',
    body: '{{honorific}}您好，我是您的客户经理{{manager.name}}，祝您和家人平安顺心。用网、账单、权益上有任何事，随时可以找我，也可致电10000。',
  },
  {
    code: 'calendar-greeting',
    name: '节气问候',
    purpose: 'greeting',
    body: '{{honorific}}您好，时令更替，早晚请注意增减衣物，祝您和家人平安健康。您的客户经理{{manager.name}}，有事随时找我，也可致电10000。',
  },
  {
    code: ORDER_TEMPLATE,
    name: '订购二次确认',
    purpose: 'service',
    body: '{{honorific}}您好，您在通话中申请办理{{order.product}}，{{order.price}}。确认办理请回复{{order.yes}}，不办理请回复{{order.no}}，{{order.hours}}小时内未回复视为不办理。',
    expectedReplies: CONFIRM_WORDS,
  },
  {
    code: 'data-pack-example',
    name: '流量包推荐（示例）',
    purpose: 'marketing',
    body: '{{honorific}}您好，您的{{package}}本月流量已近用完。加装10GB流量包仅15元，当月有效。办理请致电10000。',
  },
];

/** What every installation has from the first start on, made once: the simulator and the default templates. */
@Injectable()
export class ReferenceDataCommands {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async ensure(): Promise<void> {
    const now = this.clock.now();
    await this.database.tx(async (tx) => {
      await tx.run(sql`insert into messaging.gateway (code, kind, rate_per_second, send_window, created_at)
        values ('simulator', 'simulator', ${SIMULATOR_RATE}, 100, ${now}) on conflict (code) do nothing`);
      await tx.run(sql`
        with made as (
          insert into messaging.template (code, name, purpose, org_unit_id, created_at)
          select d.code, d.name, d.purpose, top.id, ${now}
          from jsonb_to_recordset(${JSON.stringify(DEFAULT_TEMPLATES)}::jsonb) as d(code text, name text, purpose text),
               (select id from staff.v_org_unit where parent_id is null order by id limit 1) top
          on conflict (code) do nothing returning id, code
        )
        insert into messaging.template_version (template_id, version, signature, body, expected_replies, created_at, approved_at)
        select m.id, 1, ${SIGNATURE}, d.body, coalesce(d."expectedReplies", '{}'), ${now}, ${now}
        from made m join jsonb_to_recordset(${JSON.stringify(DEFAULT_TEMPLATES)}::jsonb) as d(code text, body text, "expectedReplies" text[]) on d.code = m.code`);
    });
  }
}
