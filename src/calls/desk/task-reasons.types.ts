import { Injectable } from '@nestjs/common';
import type { Script } from '../../campaigns/campaigns.types.js';
import type { Queryable } from '../../platform/database/database.js';
import type { Locale } from '../../platform/i18n/catalogue.js';

/** A task as the port sees it. */
export interface ReasonRequest {
  taskIds: string[];
  locale: Locale;
  /** One task lies open before somebody: what is worked out for the call is asked for too. */
  forCall: boolean;
}

/** One reason a customer is on the list, with the topic that ticks it off. */
export interface TaskReason {
  text: string;
  /** Ticked under "谈到了" when the reason was talked about; null = nothing to tick. */
  topic: string | null;
  /** Label of the tick. */
  label: string | null;
  /** What the call goes through, ticked off one by one. */
  checks?: { code: string; label: string }[];
  /** What to offer or to say about it, worked out for this call. */
  details?: string[];
  /** The customer is to be asked for a mark from 1 to 5 (QUA-2); must: without it the matter is not closed. */
  asksSatisfaction?: 'may' | 'must';
  /** What is worked on beside the call: a fragment the desk loads, a page without scripts. */
  panel?: { href: string; label: string };
}

/** Who knows why a task is on a list. The modules above calls implement it and register at module init. */
export abstract class TaskReasons {
  abstract reasonsFor(request: ReasonRequest): Promise<Map<string, TaskReason[]>>;
}

/** The sentence a call of today ends with. */
export abstract class ClosingLine {
  /** @returns null when nothing special is to be said. */
  abstract forCall(request: { day: string; customerId: string; locale: Locale }): Promise<string | null>;
}

/** What else the customer is entitled to and may be told on a call. */
export abstract class CallOffers {
  /** Whole sentences, the best first; empty when there is nothing. */
  abstract forCall(request: { day: string; customerId: string; locale: Locale }): Promise<string[]>;
}

/** What the campaign has written to the customer before this call. */
export abstract class SentMessage {
  /** A whole sentence; null when nothing was sent. */
  abstract forCall(request: { campaignId: string; customerId: string; locale: Locale }): Promise<string | null>;
}

/** Which call does not end without the customer's mark, if they were there to be asked. */
export abstract class MarkNeeded {
  abstract forTask(taskId: string, on: Queryable): Promise<boolean>;
}

/** What is said to one customer of a list: stands before the script of the campaign. */
export abstract class CallScript {
  /** Null when there is nothing for this task. */
  abstract forTask(taskId: string): Promise<Script | null>;
}

/** Where the modules above hand over their answers: calls may not import them. */
@Injectable()
export class DeskPorts {
  readonly reasons: TaskReasons[] = [];
  readonly closingLines: ClosingLine[] = [];
  readonly offers: CallOffers[] = [];
  readonly sentMessages: SentMessage[] = [];
  readonly scripts: CallScript[] = [];
  readonly marks: MarkNeeded[] = [];

  registerReasons(port: TaskReasons): void {
    this.reasons.push(port);
  }

  registerClosingLine(port: ClosingLine): void {
    this.closingLines.push(port);
  }

  registerSentMessage(port: SentMessage): void {
    this.sentMessages.push(port);
  }

  registerScript(port: CallScript): void {
    this.scripts.push(port);
  }

  registerMark(port: MarkNeeded): void {
    this.marks.push(port);
  }

  registerOffers(port: CallOffers): void {
    this.offers.push(port);
  }
}
