/** One coloured piece of a line. `at` is the path of the field, element or value it belongs to. */
export type Piece = {
  text: string;
  kind: 'name' | 'mark' | 'value' | 'string' | 'literal' | 'comment' | 'plain';
  at?: string;
};
/** One line as shown; `at` is the path of what begins on it. */
export type Line = { pieces: Piece[]; at: string };
/** Where an issue's path lies in the shown lines; `at` names the pieces to mark, null when only the line is known. */
export type Place = { line: number; at: string | null };

/**
 * The line of a path, or of its nearest ancestor: an issue about a missing element can only point at where it should have been.
 * @param shorten drops the last step of a path; '' ends the search
 */
export function nearest(lines: readonly Line[], path: string, shorten: (path: string) => string): Place | null {
  for (let wanted = path; wanted !== ''; wanted = shorten(wanted)) {
    const line = lines.findIndex(
      (candidate) => candidate.at === wanted || candidate.pieces.some((piece) => piece.at === wanted),
    );
    if (line >= 0) return { line, at: lines[line]!.pieces.some((piece) => piece.at === wanted) ? wanted : null };
  }
  return null;
}
