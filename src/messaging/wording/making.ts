import { Logger } from '@nestjs/common';
import { keptMessage } from '../../platform/jobs/failure.policy.js';
import type { MessageText } from './message-text.policy.js';

const logger = new Logger('Messaging');

/** Makes one text. Where that fails, for a fault that is ours or of the record, it is that one's fault and nobody else's (R6): `row_fault`. */
export function made(make: () => MessageText): MessageText {
  try {
    return make();
  } catch (error) {
    logger.error(`a message could not be made: ${keptMessage(error)}`);
    return { fault: 'row_fault', variables: [] };
  }
}
