import { Injectable } from '@nestjs/common';
import { DomainError, InvalidInput } from '../../kernel/errors.js';
import { SegmentsQueries } from '../../segments/segments.queries.js';
import type { Campaign } from '../campaigns.types.js';
import { arms } from '../experiment/variant.policy.js';
import { unknownFields } from './script.policy.js';
import { type Script, SCRIPT_FIELDS } from './script.types.js';

/** What the scripts of a campaign may fill in, and what they name that nobody has. */
@Injectable()
export class ScriptFieldsQueries {
  constructor(private readonly segments: SegmentsQueries) {}

  /** The fields every campaign has, then the segment's own columns. */
  async of(campaign: Campaign): Promise<{ name: string; known: boolean }[]> {
    const own = campaign.columnsSegmentId ? await this.segments.columnsOf(campaign.columnsSegmentId) : [];
    return [...SCRIPT_FIELDS.map((name) => ({ name, known: true })), ...own.map((name) => ({ name, known: false }))];
  }

  /** In one of the campaign's scripts, or in the one that was just typed. */
  async unknown(campaign: Campaign, typed?: Script): Promise<{ box: string; field: string }[]> {
    const known = (await this.of(campaign)).map(({ name }) => name);
    const scripts = typed ? [typed] : arms(campaign).map(({ script }) => script);
    return scripts.flatMap((script) => unknownFields(script, known));
  }

  /** @throws InvalidInput `script_field_unknown` at the box whose text names a field that there is not */
  async check(campaign: Campaign, script: Script): Promise<void> {
    const unknown = await this.unknown(campaign, script);
    if (unknown.length > 0)
      throw new InvalidInput(unknown.map(({ box, field }) => ({ param: box, code: 'script_field_unknown', params: { field } })));
  }

  /** Another list may have come after the script was written. @throws DomainError `script_field_unknown` */
  async demandKnown(campaign: Campaign): Promise<void> {
    const [first] = await this.unknown(campaign);
    if (first) throw new DomainError('script_field_unknown', { param: 'script', params: { field: first.field } });
  }
}
