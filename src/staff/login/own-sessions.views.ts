import Bowser from 'bowser';
import type { OwnSession } from './own-sessions.commands.js';

/** `Edge · Windows`, as far as the browser says what it is; null where it says nothing that is known. */
export function deviceOf(agent: string | null): string | null {
  if (!agent) return null;
  const { browser, os } = Bowser.parse(agent);
  return [browser.name?.replace(/^Microsoft /, ''), os.name].filter(Boolean).join(' · ') || null;
}

export const sessionView = ({ agent, ...session }: OwnSession): object => ({ ...session, device: deviceOf(agent) });
