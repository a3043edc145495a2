/** A table whose column `sealed` holds texts that only a holder of the key can read. */
export interface SealedColumn {
  /** `customers.id_card` */
  table: string;
  /** The column that says whose text it is: sealed for one it cannot be read for another. */
  owner: string;
  /** The column that names the key. */
  key: string;
}

const declared: SealedColumn[] = [];

/** Declares the column, so that it is sealed anew after a rotation of keys. @returns the place of an owner's text, for {@link Sealer} */
export function sealedColumn(column: SealedColumn): (owner: string) => string {
  declared.push(column);
  return (owner) => placeIn(column, owner);
}

export const placeIn = ({ table }: SealedColumn, owner: string): string => `${table}:${owner}`;

export const sealedColumns = (): readonly SealedColumn[] => declared;
