import { Injectable } from '@nestjs/common';
import { CustomersQueries } from '../../customers/customers.queries.js';
import { exportHref } from '../../exports/exports.types.js';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { DomainError, notFound } from '../../kernel/errors.js';
import { TemplatesQueries } from '../../messaging/templates/templates.queries.js';
import { readForm } from '../../platform/http/forms.js';
import { SegmentChoices } from '../../segments/segment-choices.queries.js';
import { StaffQueries } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { InvitationListForm, type InviteesForm } from './events.forms.js';
import { EventsQueries } from './events.queries.js';
import { type EventRow, isVisit } from './events.types.js';
import { CHOICES, eventForm, eventView, figures, invitationView, mayMake, mayRun } from './events.views.js';

type Fields = Record<string, string>;

/** What the pages of an event show. */
@Injectable()
export class EventPages {
  constructor(
    private readonly queries: EventsQueries,
    private readonly customers: CustomersQueries,
    private readonly segments: SegmentChoices,
    private readonly templates: TemplatesQueries,
    private readonly staff: StaffQueries,
    private readonly clock: Clock,
  ) {}

  /** @param segment what was typed for one, where the form comes back */
  async one(user: CurrentUser, id: string, { segment, ...query }: Fields = {}): Promise<object> {
    const event = await this.queries.byId(user, id);
    const { show = 'listed', cursor } = await readForm(InvitationListForm, { show: query.show, cursor: query.cursor });
    const people = await this.queries.invitations(user, id, { show, cursor });
    const runs = mayRun(user, event);
    const asks = runs && mayMake(user) && !isVisit(event.kind) && event.startsAt > this.clock.now();
    return {
      event: eventView(event),
      figures: figures(event, show),
      show,
      rows: people.items.map(invitationView),
      next: people.nextCursor,
      runs,
      asks,
      waiting: event.counts.listed - event.counts.invited,
      records: event.state !== 'cancelled',
      began: event.state === 'today' || event.state === 'over',
      exportHref: mayMake(user) ? exportHref('event-invitations', { event: id, show }) : null,
      ...CHOICES,
      ...(asks ? await this.sources(user, event, segment) : {}),
    };
  }

  /** The form for a new event, or for one that is changed. @throws DomainError event_cancelled, event_passed (409), not_found before anything is typed that could not be saved */
  async form(user: CurrentUser, { id, typed, customer }: { id?: string; typed?: Fields; customer?: string | undefined }): Promise<object> {
    const saved = id ? await this.queries.byId(user, id) : undefined;
    if (saved && !typed) refuseUnlessRun(user, saved);
    const whose = customer ? await this.customers.facts(user, customer) : undefined;
    const hosts = user.role === 'manager' ? [] : await this.staff.activeManagers(user);
    const values = typed ?? (whose ? { kind: 'home-visit', customer: whose.id } : undefined);
    return { saved: saved && eventView(saved), whose, hosts, ...eventForm(user, saved, values) };
  }

  /** Whom to invite: people may type a segment's name. @throws DomainError segment_not_known, segment_near, segment_several */
  readSegment(user: CurrentUser, form: InviteesForm): Promise<InviteesForm> {
    return this.segments.readIn(user, form);
  }

  private async sources(user: CurrentUser, { inviteBy }: EventRow, segment?: string): Promise<object> {
    const box = await this.segments.box(user, segment);
    if (inviteBy === 'call') return { box };
    const templates = (await this.templates.list(user)).filter(({ state, purpose }) => state === 'approved' && purpose === 'care');
    return { box, templates };
  }
}

function refuseUnlessRun(user: CurrentUser, event: EventRow): void {
  if (mayRun(user, event)) return;
  if (event.state === 'cancelled') throw new DomainError('event_cancelled', { status: 409 });
  if (event.state === 'over') throw new DomainError('event_passed', { status: 409, params: { day: dayOf(event.startsAt) } });
  throw notFound('event', event.id);
}
