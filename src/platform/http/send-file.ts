import type { FastifyReply } from 'fastify';

export interface FileAnswer {
  fileName: string;
  type: string;
  stream: NodeJS.ReadableStream;
  /** When it is known beforehand: browsers show how much is left. */
  bytes?: number;
}

/** Answers with a file to keep; the name may be Chinese (RFC 6266). No cache keeps it. */
export async function sendFile(reply: FastifyReply, { fileName, type, stream, bytes }: FileAnswer): Promise<void> {
  const plain = fileName.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  void reply
    .type(type)
    .header('cache-control', 'no-store')
    .header('content-disposition', `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(fileName)}`);
  if (bytes !== undefined) void reply.header('content-length', bytes);
  await reply.send(stream);
}
