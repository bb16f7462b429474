/** Names the import that a record belongs to; live records carry none. */
export const IMPORT_HEADER = 'import';
