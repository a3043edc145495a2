import { Injectable } from '@nestjs/common';
import { Catalogue, type Locale } from '../platform/i18n/catalogue.js';
import { Clock } from '../kernel/clock.js';
import { momentText } from './gate-refusal.policy.js';
import { DeskPorts, type TaskReason } from './task-reasons.types.js';

/** What a reason is told from. */
export interface ReasonSubject {
  id: string;
  campaign: string;
  campaignName: string;
  callbackAt: Date | null;
}

/** Why a customer is on a list: the promise first, then what other modules know, else the campaign itself. */
@Injectable()
export class TaskReasonsQueries {
  constructor(
    private readonly ports: DeskPorts,
    private readonly catalogue: Catalogue,
    private readonly clock: Clock,
  ) {}

  /** The reasons of one task that is about to be called, with what is worked out for the call. */
  async forCall(subject: ReasonSubject, locale: Locale): Promise<TaskReason[]> {
    return (await this.told([subject], { locale, forCall: true })).get(subject.id) ?? [];
  }

  forTasks(subjects: readonly ReasonSubject[], locale: Locale): Promise<Map<string, TaskReason[]>> {
    return this.told(subjects, { locale, forCall: false });
  }

  private async told(subjects: readonly ReasonSubject[], how: { locale: Locale; forCall: boolean }): Promise<Map<string, TaskReason[]>> {
    const taskIds = subjects.map((subject) => subject.id);
    const told = taskIds.length === 0 ? [] : await Promise.all(this.ports.reasons.map((port) => port.reasonsFor({ taskIds, ...how })));
    const { locale } = how;
    return new Map(
      subjects.map((subject) => {
        const known = told.flatMap((answer) => answer.get(subject.id) ?? []);
        return [subject.id, [...this.promise(subject, locale), ...(known.length > 0 ? known : [this.campaign(subject, locale)])]];
      }),
    );
  }

  async closingLine(request: { day: string; customerId: string; locale: Locale }): Promise<string | null> {
    for (const port of this.ports.closingLines) {
      const line = await port.forCall(request);
      if (line) return line;
    }
    return this.catalogue.t(request.locale, 'calls.closing_default');
  }

  /** What the customer may use of others' offers, best first. */
  async offers(request: { day: string; customerId: string; locale: Locale }): Promise<string[]> {
    return (await Promise.all(this.ports.offers.map((port) => port.forCall(request)))).flat();
  }

  private promise({ callbackAt }: ReasonSubject, locale: Locale): TaskReason[] {
    if (!callbackAt) return [];
    const text = this.catalogue.t(locale, 'calls.reason_callback', { at: momentText(callbackAt, this.clock.now()) });
    return [{ text, topic: null, label: null }];
  }

  private campaign({ campaign, campaignName }: ReasonSubject, locale: Locale): TaskReason {
    return { text: this.catalogue.t(locale, 'calls.reason_campaign', { name: campaignName }), topic: campaign, label: campaignName };
  }
}
