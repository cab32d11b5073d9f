import type { Resident360 } from '@hutong/contract/console.ts';
import { sexKey } from '../../app/contract-lists.ts';
import { useContractWords } from '../../app/contract-words.ts';
import { day, useFormat } from '../../app/format.ts';
import { Icon } from '../../parts/icon.tsx';
import { useRecordWords } from './words.ts';

/** Stays in sight while the record scrolls: whose record this is, and what must not be given. */
export function Banner({ banner }: { banner: Resident360['banner'] }) {
  const say = useRecordWords();
  const sayContract = useContractWords();
  const { pick } = useFormat();
  return (
    <section className="banner" aria-label={say('banner')}>
      <div className="banner-who">
        <h1 tabIndex={-1}>{banner.name}</h1>
        <p>
          {sayContract(sexKey(banner.sex))} · {pick({ zh: banner.age, en: banner.ageEn })}
          {banner.birthDate && <span className="banner-born"> · {say('born', { date: banner.birthDate })}</span>}
        </p>
        {banner.deceased && <p className="banner-deceased">{say('deceased', { date: day(banner.deceased) })}</p>}
      </div>
      <div className={banner.allergies.length > 0 ? 'banner-allergies has-allergies' : 'banner-allergies'}>
        {banner.allergies.length === 0 ? (
          <span>{say('noAllergies')}</span>
        ) : (
          <>
            <strong>
              <Icon name="warn" size={18} /> {say('allergies')}
            </strong>
            <ul>
              {banner.allergies.map((allergy) => (
                <li key={allergy.en}>
                  {pick(allergy)}
                  {allergy.severity && <small> {allergy.severity}</small>}
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </section>
  );
}
