export type TableCharset = 'utf-8' | 'gb18030';

/**
 * Text of a table whose charset nobody states: a byte order mark says UTF-8; else the first bytes beyond ASCII decide, and a
 * file that is ASCII for a long time may still turn out to be GB18030. `undefined` from `write` means: unreadable from here.
 */
export class TableDecoder {
  charset: TableCharset | undefined;
  #decoder: TextDecoder | undefined;
  #begun = false;
  #held: Uint8Array = new Uint8Array();

  constructor(charset?: TableCharset) {
    this.charset = charset;
  }

  write(bytes: Uint8Array): string | undefined {
    return this.#decode(bytes, false);
  }

  end(): string | undefined {
    return this.#decode(new Uint8Array(), true);
  }

  #decode(bytes: Uint8Array, last: boolean): string | undefined {
    let input: Uint8Array = this.#held.length > 0 ? Buffer.concat([this.#held, bytes]) : bytes;
    this.#held = new Uint8Array();
    if (!this.#begun) {
      // Three bytes are needed to see the mark.
      if (input.length < 3 && !last) {
        this.#held = input;
        return '';
      }
      this.#begun = true;
      if (input[0] === 0xef && input[1] === 0xbb && input[2] === 0xbf) {
        this.charset ??= 'utf-8';
        input = input.subarray(3);
      }
    }
    if (!this.#decoder) {
      const beyond = input.findIndex((byte) => byte > 0x7f);
      if (beyond < 0) return Buffer.from(input).toString('latin1');
      // A character cut in two at the end of the first piece would tell nothing.
      if (this.charset === undefined && input.length - beyond < 8 && !last) {
        this.#held = input.subarray(beyond);
        return Buffer.from(input.subarray(0, beyond)).toString('latin1');
      }
      this.charset ??= looksLikeUtf8(input) ? 'utf-8' : 'gb18030';
      this.#decoder = new TextDecoder(this.charset, { fatal: true, ignoreBOM: true });
    }
    try {
      return this.#decoder.decode(input, { stream: !last });
    } catch {
      return undefined;
    }
  }
}

function looksLikeUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
