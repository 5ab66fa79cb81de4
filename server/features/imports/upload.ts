import busboy from 'busboy';
import type { Request } from 'express';
import { InvalidInput } from '../../errors.ts';

export interface Upload {
  readonly fields: Readonly<Record<string, string>>;
  readonly fileName: string;
  readonly bytes: Buffer;
}

const mostBytes = 10 * 1024 * 1024;

/** Reads one file and its form fields from a multipart request, in memory. Throws InvalidInput. */
export function readUpload(request: Request): Promise<Upload> {
  return new Promise((resolve, reject) => {
    const refuse = (message: string) => {
      request.unpipe();
      request.resume();
      reject(new InvalidInput({ file: message }, message));
    };
    let form: busboy.Busboy;
    try {
      form = busboy({
        headers: request.headers,
        limits: { files: 1, fileSize: mostBytes, fields: 5, fieldSize: 8_000 },
      });
    } catch {
      return refuse('Choose a file to import.');
    }
    const fields: Record<string, string> = {};
    let file: { name: string; chunks: Buffer[] } | undefined;
    form.on('field', (name, value) => void (fields[name] = value));
    form.on('file', (_name, stream, { filename }) => {
      const chunks: Buffer[] = [];
      file = { name: filename || 'file', chunks };
      stream.on('data', (chunk: Buffer) => void chunks.push(chunk));
      stream.on('limit', () => refuse('This file is larger than 10 MB. Please split it.'));
    });
    form.on('error', () => refuse('The file did not arrive whole. Please try again.'));
    form.on('close', () => {
      if (!file) return refuse('Choose a file to import.');
      resolve({ fields, fileName: file.name, bytes: Buffer.concat(file.chunks) });
    });
    request.pipe(form);
  });
}
