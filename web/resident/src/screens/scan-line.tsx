import type { MyScan } from '@hutong/contract/health-code.ts';
import { moment, usePick, useSay } from '../app/language.ts';

export function ScanLine({ scan }: { scan: MyScan }) {
  const say = useSay();
  const pick = usePick();
  const { institution, refused } = scan;
  const place = institution ? pick({ zh: institution.nameZh, en: institution.nameEn }) : say('unknownPlace');
  const details = [
    say(`step.${scan.step}`),
    say(`kind.${scan.kind}`),
    scan.who,
    scan.person !== null && say('forPerson', { name: scan.person }),
    scan.presentedBy !== null && say('heldBy', { name: scan.presentedBy }),
  ].filter(Boolean);
  return (
    <li>
      <p className="line-head">
        <strong>{place}</strong>
        <time dateTime={scan.at}>{moment(scan.at)}</time>
      </p>
      <p>{details.join(' · ')}</p>
      <p className={refused ? 'marked' : 'quiet-text'}>
        {refused ? say('refused', { why: pick(refused) }) : say('taken')}
        {scan.permitted.includes('open-record') && ` · ${say('openedRecord')}`}
      </p>
    </li>
  );
}
