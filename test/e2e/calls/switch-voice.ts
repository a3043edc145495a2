import type { Response } from 'supertest';
import { signatureOf } from '../../../src/calls/cti/signature.js';
import type { TestApp } from '../../support/test-app.js';
import { type CallCentre, must } from './call-centre.js';

export interface Told {
  id: string;
  call: string;
  type: 'dialling' | 'ringing' | 'answered' | 'ended';
  at: string;
  number: string;
  agentNo?: string;
  cause?: string;
  recordingRef?: string;
}

/** A switch that signs what it tells. */
export class SwitchVoice {
  private constructor(
    private readonly test: TestApp,
    readonly key: { id: string; code: string; secret: string },
  ) {}

  static async of(centre: CallCentre, form: object = { name: '东城交换机' }): Promise<SwitchVoice> {
    const key = await must((await centre.house('admin')).post('/cti/keys', form), 201);
    return new SwitchVoice(centre.test, key as { id: string; code: string; secret: string });
  }

  /** The same switch with another key. */
  as(key: SwitchVoice['key']): SwitchVoice {
    return new SwitchVoice(this.test, key);
  }

  /** @param over headers other than the right ones */
  async tell(event: object, over: Record<string, string> = {}): Promise<Response> {
    const body = JSON.stringify(event);
    const timestamp = over['x-starcare-timestamp'] ?? String(Math.floor(this.test.clock.now().getTime() / 1000));
    return this.test.http
      .post('/api/v1/cti/events')
      .set({
        'content-type': 'application/json',
        'x-starcare-key': this.key.code,
        'x-starcare-timestamp': timestamp,
        'x-starcare-signature': signatureOf(this.key.secret, timestamp, body),
        ...over,
      })
      .send(body);
  }
}
