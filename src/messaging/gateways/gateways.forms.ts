import { applyDecorators } from '@nestjs/common';
import { Transform, Type } from 'class-transformer';
import { ArrayMaxSize, IsIn, IsInt, IsObject, IsOptional, IsString, Length, Matches, Max, MaxLength, Min } from 'class-validator';
import type { GatewayKind } from './gateway.types.js';
import { GATEWAY_KINDS, type GatewayWish, SEND_METHODS, type SendMethod } from './gateway-settings.policy.js';
import { ID_FORMATS, type IdFormat } from './smpp/message-ids.policy.js';
import { NUMBER_FORMS } from './long-texts.policy.js';
import { BIND_MODES } from './session/line-settings.policy.js';
import { LONG_MESSAGES } from './smpp/smpp-settings.policy.js';

const CODE = /^[A-Za-z0-9][\w.-]*$/;

const Text = (most: number): PropertyDecorator => applyDecorators(IsOptional(), IsString(), Length(1, most));
const Whole = (least: number, most: number): PropertyDecorator =>
  applyDecorators(
    IsOptional(),
    Type(() => Number),
    IsInt(),
    Min(least),
    Max(most),
  );

const OneOf = (choices: readonly string[]): PropertyDecorator => applyDecorators(IsOptional(), IsIn(choices));

/** What may be changed of a gateway. Which of it a kind needs is said in gateway-settings.policy. */
export class GatewayChangeForm implements GatewayWish {
  @Text(253)
  host?: string;

  @Whole(1, 65_535)
  port?: number;

  /** The name one logs in with; `username` means the same. */
  @Text(64)
  systemId?: string;

  @Text(64)
  username?: string;

  /** Kept sealed. Left out of a change = as it was. */
  @Text(256)
  password?: string;

  /** http: where messages go, as https://host:port/cgi-bin/sendsms. */
  @Text(500)
  url?: string;

  /** http: the sender, an access code such as 10659. */
  @Text(21)
  from?: string;

  /** http: connections kept open. */
  @Whole(1, 500)
  connections?: number;

  /** http: seconds until an answer that has not come leaves a message in doubt. */
  @Whole(1, 120)
  timeoutSeconds?: number;

  /** http: StarCare's own address as the gateway sees it; receipts and replies come there. */
  @Text(300)
  callbackUrl?: string;

  /** http: GET has everything in the address; POST has the text in the body, the rest in headers. */
  @IsOptional()
  @IsIn(SEND_METHODS)
  method?: SendMethod;

  /** smpp: some centres tell kinds of clients by it. */
  @Text(12)
  systemType?: string;

  /** smgp: the code of the service, where the gateway asks for one. */
  @Text(10)
  serviceId?: string;

  /** smgp: where the content is from, where the gateway asks for it. */
  @Text(8)
  msgSrc?: string;

  /** smpp, smgp: one connection for both directions, or one for each. */
  @OneOf(BIND_MODES)
  bindMode?: (typeof BIND_MODES)[number];

  @Whole(0, 6)
  sourceTon?: number;

  @Whole(0, 18)
  sourceNpi?: number;

  @Whole(0, 6)
  destinationTon?: number;

  @Whole(0, 18)
  destinationNpi?: number;

  /** smpp, smgp: numbers with 86 before them, or as they are dialled at home. */
  @OneOf(NUMBER_FORMS)
  numbers?: (typeof NUMBER_FORMS)[number];

  /** smpp: in parts with a header, or whole as message_payload. */
  @OneOf(LONG_MESSAGES)
  longMessages?: (typeof LONG_MESSAGES)[number];

  /** smpp: how ids are written in answers and in receipts. */
  @OneOf(ID_FORMATS)
  idFormat?: IdFormat;

  /** smpp, smgp: seconds of silence until a sign of life is asked for. */
  @Whole(5, 600)
  enquireSeconds?: number;

  /** smpp, smgp: seconds until an answer that has not come leaves a message in doubt. */
  @Whole(2, 600)
  answerSeconds?: number;

  @Whole(1, 100_000)
  ratePerSecond?: number;

  @Whole(1, 10_000)
  window?: number;

  /** Where its messages go while it is down or switched off, in this order, unless a blast names others. Left out of a change = as it was. */
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (value === undefined ? undefined : [value].flat().filter((code) => code !== '')))
  @ArrayMaxSize(5)
  @IsString({ each: true })
  fallbackGateways?: string[];

  /** Of the simulator: latencyMs, and the shares rejected, undelivered, expired, silent, lostBefore, lostAfter, optOut. */
  @IsOptional()
  @IsObject()
  simulator?: Record<string, unknown>;
}

export class GatewayForm extends GatewayChangeForm {
  @Matches(CODE)
  @MaxLength(60)
  code!: string;

  @IsIn(GATEWAY_KINDS)
  kind!: GatewayKind;
}
