import type { Directory, InstitutionRow } from '../../../core/directory/index.ts';
import type { BorderIssue } from '../../fact.ts';
import type { Hl7Arrival } from './hl7v2.ts';

const notCertified: BorderIssue = {
  severity: 'error',
  rule: 'intake.sender-not-certified',
  path: 'MSH-4',
  zh: '连接所用证书不属于该发送机构',
  en: 'The certificate of this connection is not the one of this sender',
};

export type Hl7Sender = {
  /** 'APP|FACILITY', as MSH writes them; '' where MSH cannot be read. */
  sender: string;
  institution: Pick<InstitutionRow, 'id' | 'code'> | null;
  /** Why there is none, where it is not that nobody is registered under this name. */
  refusal?: BorderIssue;
};

/**
 * Whose message it is: the institution of the token, or the one registered under MSH-3 and MSH-4, which are only what somebody wrote. A
 * connection with a certificate speaks for the institution that this names (its common name is the institution's code) and for no other.
 * @param said undefined for bytes that hold no readable MSH
 */
export function hl7SenderOf(
  { institution, protocol, certified }: Pick<Hl7Arrival, 'institution' | 'protocol' | 'certified'>,
  directory: Directory,
  said: { application: string; facility: string } | undefined,
): Hl7Sender {
  const sender = said ? `${said.application}|${said.facility}` : '';
  const named = institution ?? (said && directory.senderByName(protocol, said.application, said.facility));
  if (!named) return { sender, institution: null };
  if (certified != null && certified !== named.code) return { sender, institution: null, refusal: notCertified };
  return { sender, institution: { id: named.id, code: named.code } };
}
