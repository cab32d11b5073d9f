/** HL7 v2 messages as a hospital's systems send them, for the tests of this service. Times are epoch milliseconds. */
const stamp = (at: number): string =>
  `${new Date(at + 8 * 3_600_000).toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)}+0800`;
let controlId = 0;
const text = (...segments: string[]): Buffer => Buffer.from(segments.join('\r'));
const header = (facility: string, kind: string, at: number): string =>
  `MSH|^~\\&|HIS|${facility}|HUTONG|REGION|${stamp(at)}||${kind}|T${process.pid}-${++controlId}|P|2.5.1|||||CHN|UNICODE UTF-8`;

export type Seen = {
  facility: string;
  id: string;
  at: number;
  name?: string;
  number?: string;
  area?: string;
  birth?: string;
  /** With another telephone and street: the master index leaves it to people whether this is the same person. */
  elsewhere?: boolean;
};
const person = ({
  facility,
  id,
  name = '林晓峰',
  number,
  area = '500112',
  birth = '19880512',
  elsewhere,
}: Seen): string =>
  `PID|1||${id}^^^${facility}^MR${number ? `~${number}^^^GA^SFZ` : ''}||${name}^^^^^^L||${birth}|M|||${elsewhere ? '汉渝路77号附3号' : '红石路2号'}^^重庆市^^^CHN^H^^${area}||${elsewhere ? '18623450987' : '13912345678'}`;
const visitSegment = ({ facility, id, at }: Seen): string =>
  `PV1|1|E|1601^^^${facility}||||||||||||||||V${id}^^^${facility}^VN|||||||||||||||||||||||||${stamp(at - 600_000)}`;

/** A visit with one diagnosis ('J09^人感染新亚型流感'); `type` W working, F final; `deleted` takes it back. */
export const visit = (
  seen: Seen,
  diagnosis: string | null,
  { type = 'F', deleted = false, sentAt = seen.at } = {},
): Buffer =>
  text(
    header(seen.facility, deleted ? 'ADT^A08^ADT_A01' : 'ADT^A04^ADT_A01', sentAt),
    `EVN|${deleted ? 'A08' : 'A04'}|${stamp(sentAt)}`,
    person(seen),
    visitSegment(seen),
    ...(diagnosis
      ? [
          `DG1|1||${diagnosis}^I10|${diagnosis.split('^')[1]}|${stamp(seen.at)}|${type}${'|'.repeat(15)}${deleted ? 'D' : ''}`,
        ]
      : []),
  );

/** A result ('7962-4^麻疹病毒IgM抗体'), '阳性' or '阴性'. */
export const result = (seen: Seen, item: string, value: string): Buffer =>
  text(
    header(seen.facility, 'ORU^R01^ORU_R01', seen.at),
    person(seen),
    visitSegment(seen),
    `ORC|RE|O${seen.id}|R${seen.id}||CM`,
    `OBR|1|O${seen.id}|R${seen.id}|${item}^LN|||${stamp(seen.at - 3_600_000)}|||||||||||||||${stamp(seen.at)}||LAB|F`,
    `OBX|1|ST|${item}^LN||${value}||阴性||||F|||${stamp(seen.at - 3_600_000)}`,
  );

/** A prescription ('J04AC01^异烟肼片^ATC'). */
export const prescription = (seen: Seen, drug: string): Buffer =>
  text(
    header(seen.facility, 'RDE^O11^RDE_O11', seen.at),
    person(seen),
    visitSegment(seen),
    `ORC|NW|P${seen.id}|||IP||||${stamp(seen.at)}`,
    `RXE|1^Q24H^D7^${stamp(seen.at)}|${drug}|1||片|||||7`,
    'RXR|PO^口服^HL70162',
  );

/** The report of an image with its impression. */
export const imaging = (seen: Seen, impression: string): Buffer =>
  text(
    header(seen.facility, 'ORU^R01^ORU_R01', seen.at),
    person(seen),
    visitSegment(seen),
    `ORC|RE|I${seen.id}|J${seen.id}||CM`,
    `OBR|1|I${seen.id}|J${seen.id}|24627-2^胸部CT^LN|||${stamp(seen.at - 3_600_000)}|||||||||||||||${stamp(seen.at)}||RAD|F`,
    `OBX|1|TX|19005-8^影像诊断^LN||${impression}||||||F|||${stamp(seen.at - 3_600_000)}`,
  );
