/** What a return file has behind the sender's own columns; dropped when such a file is handed in. */
export const RETURN_COLUMNS = ['result', 'reason', 'finished_at', 'manager', 'attempts', 'correction', 'remark'] as const;

/** A sheet as one of the sender's files had it. */
export interface ReturnSheet {
  id: string;
  columns: readonly string[];
}

/** One column of the return file, and where each sheet has it. */
interface ReturnColumn {
  header: string;
  places: ReadonlyMap<string, number>;
}

/** How the sheets of one return file lie in one table. */
export interface ReturnTable {
  headers: readonly string[];
  /** The row of one sheet in the columns of all. */
  row(sheetId: string, cells: readonly string[]): string[];
}

/**
 * The columns of all the sender's files, each once, in the order they first came in: one file's columns stay exactly as they were. A header that
 * stands twice in a file is two columns.
 */
export function returnTable(sheets: readonly ReturnSheet[]): ReturnTable {
  const columns = new Map<string, ReturnColumn & { places: Map<string, number> }>();
  for (const { id, columns: headers } of sheets) {
    headers.forEach((header, place) => {
      const nth = headers.slice(0, place).filter((other) => other === header).length;
      const key = `${nth} ${header}`;
      const column = columns.get(key) ?? { header, places: new Map<string, number>() };
      columns.set(key, column);
      column.places.set(id, place);
    });
  }
  const all = [...columns.values()];
  return {
    headers: all.map(({ header }) => header),
    row: (sheetId, cells) => all.map(({ places }) => cells[places.get(sheetId) ?? -1] ?? ''),
  };
}
