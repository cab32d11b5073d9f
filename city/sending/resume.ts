import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

type Saved = { options: object; done: number; beyond: number[] };

/** Where a run stands: every message before `done` was answered, and those in `beyond`. Written whole, never half. */
export class Progress {
  file: string | null;
  options: object;
  done = 0;
  beyond = new Set<number>();
  savedAt = 0;

  constructor(file: string | null, options: object) {
    this.file = file;
    this.options = options;
  }

  /** Goes on with what the file says when it belongs to the same city; otherwise begins anew. `same` compares options. */
  static open(file: string | null, options: object, same: (saved: object) => boolean): Progress {
    const progress = new Progress(file, options);
    if (!file || !existsSync(file)) return progress;
    const saved = JSON.parse(readFileSync(file, 'utf8')) as Saved;
    if (!same(saved.options)) return progress;
    progress.options = saved.options;
    progress.done = saved.done;
    progress.beyond = new Set(saved.beyond);
    return progress;
  }

  has(index: number): boolean {
    return index < this.done || this.beyond.has(index);
  }

  mark(index: number): void {
    this.beyond.add(index);
    while (this.beyond.delete(this.done)) this.done++;
    if (Date.now() - this.savedAt > 1_000) this.save();
  }

  save(): void {
    this.savedAt = Date.now();
    if (!this.file) return;
    const saved: Saved = { options: this.options, done: this.done, beyond: [...this.beyond] };
    writeFileSync(`${this.file}.new`, JSON.stringify(saved));
    renameSync(`${this.file}.new`, this.file);
  }
}
