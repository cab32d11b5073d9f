import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import { openSealed, type Vault } from '../../kit/vault.ts';

const bind = 'fhir.export_file';
const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);
const lengthBytes = 4;
const isJobId = (name: string): boolean => /^[0-9a-f]{32}$/.test(name);

/** A new file is durable only when its name is: the folder that holds it is synced too. Windows has no such thing, and needs none. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/**
 * The files of exports and imports: each a row of blocks `length (4) ‖ sealed (compressed lines)`. Nothing of a person lies readable on the disk, and a file
 * that was cut in the middle of a block is told by its length.
 */
export type JobFiles = {
  /** Appends lines after the first `at` bytes, which are kept; whatever lay beyond is gone. @returns the file's new length, durable */
  append(job: string, number: number, at: number, lines: string | Buffer): Promise<number>;
  /** The lines of the first `bytes` bytes, block by block. */
  read(job: string, number: number, bytes: number): AsyncGenerator<Buffer>;
  remove(job: string): Promise<void>;
  jobs(): Promise<string[]>;
};

export function openJobFiles(folder: string, vault: Vault): JobFiles {
  const nameOf = (job: string, number: number): string => join(folder, job, `${number}.sealed`);
  return {
    async append(job, number, at, lines) {
      await mkdir(join(folder, job), { recursive: true, mode: 0o700 });
      const block = vault.seal(
        await compress(Buffer.from(lines), { params: { [constants.ZSTD_c_compressionLevel]: 1 } }),
        bind,
      );
      const length = Buffer.alloc(lengthBytes);
      length.writeUInt32BE(block.length);
      const file = await open(nameOf(job, number), at === 0 ? 'w' : 'r+', 0o600);
      try {
        await file.truncate(at);
        await file.write(Buffer.concat([length, block]), 0, lengthBytes + block.length, at);
        await file.datasync();
      } finally {
        await file.close();
      }
      if (at === 0) for (const place of [join(folder, job), folder]) await syncFolder(place);
      return at + lengthBytes + block.length;
    },
    async *read(job, number, bytes) {
      const file = await open(nameOf(job, number), 'r');
      try {
        const length = Buffer.alloc(lengthBytes);
        for (let at = 0; at < bytes; ) {
          await file.read(length, 0, lengthBytes, at);
          const block = Buffer.allocUnsafe(length.readUInt32BE());
          await file.read(block, 0, block.length, at + lengthBytes);
          yield await decompress(openSealed(block, bind));
          at += lengthBytes + block.length;
        }
      } finally {
        await file.close();
      }
    },
    remove: (job) => rm(join(folder, job), { recursive: true, force: true }),
    jobs: async () => (await readdir(folder).catch(() => [])).filter(isJobId),
  };
}
