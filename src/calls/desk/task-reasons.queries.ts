import { Injectable } from '@nestjs/common';
import { Catalogue, type Locale } from '../../platform/i18n/catalogue.js';
import { Clock } from '../../kernel/clock.js';
import { LookUp } from '../../platform/process/look-up.js';
import { momentText } from '../claims/gate-refusal.policy.js';
import type { Script } from '../../campaigns/campaigns.types.js';
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
  /** Desks that open in the same moment ask together. */
  private readonly forCalls: Readonly<Record<Locale, LookUp<TaskReason[]>>> = {
    zh: new LookUp((taskIds) => this.known(taskIds, { locale: 'zh', forCall: true })),
    en: new LookUp((taskIds) => this.known(taskIds, { locale: 'en', forCall: true })),
  };

  constructor(
    private readonly ports: DeskPorts,
    private readonly catalogue: Catalogue,
    private readonly clock: Clock,
  ) {}

  /** The reasons of one task that is about to be called, with what is worked out for the call. */
  async forCall(subject: ReasonSubject, locale: Locale): Promise<TaskReason[]> {
    return this.told(subject, (await this.forCalls[locale].of(subject.id)) ?? [], locale);
  }

  async forTasks(subjects: readonly ReasonSubject[], locale: Locale): Promise<Map<string, TaskReason[]>> {
    const taskIds = subjects.map((subject) => subject.id);
    const known = await this.known(taskIds, { locale, forCall: false });
    return new Map(subjects.map((subject) => [subject.id, this.told(subject, known.get(subject.id) ?? [], locale)]));
  }

  /** What other modules know, in the order of the ports. */
  private async known(taskIds: string[], how: { locale: Locale; forCall: boolean }): Promise<Map<string, TaskReason[]>> {
    const told = taskIds.length === 0 ? [] : await Promise.all(this.ports.reasons.map((port) => port.reasonsFor({ taskIds, ...how })));
    return new Map(taskIds.map((id) => [id, told.flatMap((answer) => answer.get(id) ?? [])]));
  }

  private told(subject: ReasonSubject, known: readonly TaskReason[], locale: Locale): TaskReason[] {
    return [...this.promise(subject, locale), ...(known.length > 0 ? known : [this.campaign(subject, locale)])];
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

  /** What the campaign has written to the customer. */
  async sentMessage(request: { campaignId: string; customerId: string; locale: Locale }): Promise<string | null> {
    const told = await Promise.all(this.ports.sentMessages.map((port) => port.forCall(request)));
    return told.find((one) => one !== null) ?? null;
  }

  /** What is said to this customer besides what the campaign says to all. */
  async script(taskId: string): Promise<Script | null> {
    const told = await Promise.all(this.ports.scripts.map((port) => port.forTask(taskId)));
    return told.find((one) => one !== null) ?? null;
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
