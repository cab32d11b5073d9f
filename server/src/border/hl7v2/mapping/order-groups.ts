import type { SegmentReader } from '../read/segment-reader.ts';

/** An OBX with its notes. */
export type ObservedLine = { obx: SegmentReader; notes: SegmentReader[] };

/** Everything that belongs to one order or one report: ORC, OBR and what follows them. */
export type OrderGroup = {
  orc?: SegmentReader;
  obr?: SegmentReader;
  timings: SegmentReader[];
  notes: SegmentReader[];
  results: ObservedLine[];
  specimens: SegmentReader[];
  /** OBX under a specimen: what was seen of the material itself. */
  ofSpecimen: ObservedLine[];
  diagnoses: SegmentReader[];
  /** RXO, RXE, RXD, RXA, RXR in their order. */
  pharmacy: SegmentReader[];
  documents: SegmentReader[];
};

const empty = (): OrderGroup => ({
  timings: [],
  notes: [],
  results: [],
  specimens: [],
  ofSpecimen: [],
  diagnoses: [],
  pharmacy: [],
  documents: [],
});

/** Segments that begin the part of a message in which orders and results stand. */
export const ORDER_START = new Set(['ORC', 'OBR', 'SPM', 'RXA', 'RXE', 'RXO', 'RXD']);

/**
 * Groups the order part of a message by its grammar (HL7 v2.8.2 chapters 4, 4A, 7): ORC opens a group and takes the OBR that
 * follows; an OBR without its ORC opens one too. In OUL the ORC comes *after* its OBR, and in OUL^R22 and R23 the specimen
 * comes before its orders and holds for all of them until the next one.
 */
export function orderGroups(segments: readonly SegmentReader[], type: string, event: string): OrderGroup[] {
  const specimenFirst = type === 'OUL' && event !== 'R24' && event !== 'R21';
  const groups: OrderGroup[] = [];
  let group: OrderGroup | undefined;
  let leading: { specimen: SegmentReader; lines: ObservedLine[]; used: boolean } | undefined;
  let underSpecimen = false;
  let line: ObservedLine | undefined;
  const open = (): OrderGroup => {
    const opened = empty();
    if (leading) {
      opened.specimens.push(leading.specimen);
      if (!leading.used) opened.ofSpecimen.push(...leading.lines);
      leading.used = true;
    }
    groups.push(opened);
    underSpecimen = false;
    line = undefined;
    return opened;
  };
  const flush = (): void => {
    if (leading && !leading.used) open();
    leading = undefined;
  };
  for (const segment of segments) {
    switch (segment.name) {
      case 'ORC':
        if (!(type === 'OUL' && group?.obr && !group.orc)) group = open();
        group!.orc = segment;
        line = undefined;
        break;
      case 'OBR':
        if (!group || group.obr || (type === 'OUL' && group.orc) || group.pharmacy.length > 0) group = open();
        group.obr = segment;
        underSpecimen = false;
        line = undefined;
        break;
      case 'SPM':
        if (specimenFirst) {
          flush();
          leading = { specimen: segment, lines: [], used: false };
          group = undefined;
        } else {
          group ??= open();
          group.specimens.push(segment);
        }
        underSpecimen = true;
        line = undefined;
        break;
      case 'OBX':
        line = { obx: segment, notes: [] };
        if (leading && !group) leading.lines.push(line);
        else {
          group ??= open();
          (underSpecimen ? group.ofSpecimen : group.results).push(line);
        }
        break;
      case 'NTE':
        if (line) line.notes.push(segment);
        else group?.notes.push(segment);
        break;
      case 'TQ1':
        group?.timings.push(segment);
        break;
      case 'DG1':
        group?.diagnoses.push(segment);
        break;
      case 'TXA':
        group?.documents.push(segment);
        break;
      case 'RXA':
      case 'RXE':
      case 'RXO':
      case 'RXD':
        group ??= open();
        group.pharmacy.push(segment);
        line = undefined;
        break;
      case 'RXR':
        group?.pharmacy.push(segment);
        break;
    }
  }
  flush();
  return groups;
}
