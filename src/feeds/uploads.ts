/** Folder of files that wait for their import; shared by the web and the worker processes of one installation. */
export const UPLOAD_FOLDER = Symbol('UPLOAD_FOLDER');
/** Bytes a workbook may unpack to. */
export const UNPACKED_LIMIT = Symbol('UNPACKED_LIMIT');
