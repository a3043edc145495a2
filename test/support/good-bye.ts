import type { Database } from '../../src/platform/database/database.js';
import { rawSql } from '../../src/platform/database/sql.js';

/**
 * The database says good-bye, as one that is shut down does, to whoever writes such rows.
 * @param when of `new` @returns ends it
 */
export async function goodByeAt(db: Database, table: string, when = 'true'): Promise<() => Promise<void>> {
  await db.run(
    rawSql(
      `create function public.say_good_bye() returns trigger language plpgsql as $$ begin raise exception 'shut down' using errcode = '57P01'; end $$`,
    ),
  );
  await db.run(
    rawSql(`create trigger good_bye before insert or update on ${table} for each row when (${when}) execute function public.say_good_bye()`),
  );
  return async () => {
    await db.run(rawSql('drop function public.say_good_bye cascade'));
  };
}
