/** Where @Type keeps what it was told; the package has no other way to ask it. */
declare module 'class-transformer/cjs/storage.js' {
  export const defaultMetadataStorage: { findTypeMetadata(target: object, field: string): { typeFunction(): unknown } | undefined };
}
