/** A statement with its values, never concatenated: the only way this code base talks SQL. */
export class Sql {
  constructor(
    private readonly strings: readonly string[],
    private readonly args: readonly unknown[],
  ) {}

  /** The text with $1…$n and the values, nested fragments folded in. */
  compile(): { text: string; values: unknown[] } {
    const values: unknown[] = [];
    const text = this.write(values);
    return { text, values };
  }

  private write(values: unknown[]): string {
    let text = this.strings[0] ?? '';
    this.args.forEach((arg, i) => {
      if (arg instanceof Sql) text += arg.write(values);
      else text += `$${values.push(arg)}`;
      text += this.strings[i + 1] ?? '';
    });
    return text;
  }
}

/** `sql\`select … where id = ${id}\``: values become parameters, other `sql` fragments are spliced in. */
export const sql = (strings: TemplateStringsArray, ...args: unknown[]): Sql => new Sql([...strings], args);

/** Text that is part of the program (a column from a fixed list), never text from outside. */
export const rawSql = (text: string): Sql => new Sql([text], []);

export const emptySql = rawSql('');

export function joinSql(parts: readonly Sql[], separator = ', '): Sql {
  if (parts.length === 0) return emptySql;
  return new Sql(['', ...parts.slice(1).map(() => separator), ''], parts);
}

/** `where a and b`, or nothing when there is no condition. */
export const whereAll = (conditions: readonly (Sql | undefined | null | false)[]): Sql => {
  const kept = conditions.filter((c): c is Sql => c instanceof Sql);
  return kept.length === 0 ? emptySql : new Sql(['where ', ''], [joinSql(kept, ' and ')]);
};

/**
 * A list of thousands as PostgreSQL writes it, to be cast where it stands: `${listOf(ids)}::uuid[]`. The driver would look into each element of an array by
 * itself; JSON is the same but for its escapes, and is made in one go.
 */
export function listOf(values: readonly (string | number | null)[]): string {
  const json = JSON.stringify(values);
  return json.includes('\\') ? `{${values.map(element).join(',')}}` : `{${json.slice(1, -1)}}`;
}

const element = (value: string | number | null): string => (typeof value === 'string' ? `"${value.replace(/["\\]/g, '\\$&')}"` : String(value));

/** A hot statement: parsed and planned once per connection instead of each time. */
export class PreparedSql extends Sql {
  constructor(statement: Sql) {
    super(['', ''], [statement]);
  }
}

/**
 * Marks a statement that is asked thousands of times an hour, whose planning costs more than its answer. Only for one whose text comes in a few forms, and
 * whose best plan does not hang on the values: searches and lists with open filters are planned for what they are asked.
 */
export const prepared = (statement: Sql): Sql => new PreparedSql(statement);
