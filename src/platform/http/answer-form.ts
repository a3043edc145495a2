import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError, InvalidInput } from '../../kernel/errors.js';
import { Catalogue } from '../i18n/catalogue.js';
import { placeOfName } from '../views/field-names.js';
import './fastify.types.js';
import { redirectTo } from './pages.js';
import { type Problem, problemOf } from './problem.js';
import { isHtmx } from './request-kind.js';

export interface FormPage {
  /** The page that holds the form. */
  view: string;
  /** The fragment htmx swaps in instead of the whole page. */
  fragment?: string;
  /** Another layout than the usual one. */
  layout?: string;
  /** The page's other values; asked only when the form must be shown again. */
  context?: () => object | Promise<object>;
}

const FORM_AGAIN = new Set([400, 401, 409, 413, 422, 507]);

/** What a box names that is not there any more is the box's fault; an address of which that is so has no form to show. */
const isOfAForm = ({ status, param }: DomainError): boolean => FORM_AGAIN.has(status) || (status === 404 && param !== undefined);

/** Does what a form asks and sends the browser on, or shows the form again with what was typed and the sentence at the field. */
@Injectable()
export class Forms {
  constructor(private readonly catalogue: Catalogue) {}

  /**
   * @param deed does the work and returns the address to go to
   * Refusals of a rule (400, 401, 409, 422), of what a box names and is not there (404) and of a file (413, 507) come back as the form, the first two and the
   * missing with status 422; everything else goes its usual way.
   */
  async answer(reply: FastifyReply, page: FormPage, deed: () => Promise<string>): Promise<void> {
    try {
      redirectTo(reply, await deed());
    } catch (error) {
      if (!(error instanceof DomainError) || !isOfAForm(error)) throw error;
      await this.again(reply, page, error);
    }
  }

  /** The form again. Templates read `values.<name>`, `errors.<name>` and `error` (the sentence above the form). */
  async again(reply: FastifyReply, page: FormPage, error: DomainError): Promise<void> {
    const request: FastifyRequest = reply.request;
    const problem = problemOf(error, this.catalogue, request.locale);
    const context = { ...(await page.context?.()), values: request.body ?? {}, errors: problem.fields, error: this.summary(error, problem, request) };
    const status = error.status <= 404 ? 422 : error.status;
    if (isHtmx(request) && page.fragment) await reply.view(page.fragment, context, { status, layout: false });
    else await reply.view(page.view, context, page.layout ? { status, layout: page.layout } : { status });
  }

  /**
   * Above the form: how many boxes are to be changed, and the first of them. The faults themselves stand at the boxes; here a rule that is the same for all
   * boxes ("required") needs the name of its own, the one readers know, not the one programs use.
   */
  private summary(error: DomainError, problem: Problem, { locale }: FastifyRequest): string {
    const faults = Object.values(problem.fields);
    if (!(error instanceof InvalidInput) || faults.length === 0) return problem.message;
    const [{ param = '', code = '' } = {}] = error.faults;
    const said = faults[0] ?? '';
    const fault = code.startsWith('invalid_') ? this.catalogue.t(locale, 'error.invalid_input', { param: placeOfName(param), fault: said }) : said;
    return this.catalogue.t(locale, 'error.form_faulty', { count: faults.length, fault });
  }
}
