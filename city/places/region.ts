import type { Resident } from '../people/resident.ts';
import type { Random } from '../random.ts';
import type { Institution, Kind } from './institutions.ts';

/** Institutions by district, and where a resident goes for what. */
export class Region {
  institutions: readonly Institution[];
  byArea = new Map<string, Institution[]>();
  byCode = new Map<string, Institution>();

  constructor(institutions: readonly Institution[]) {
    this.institutions = institutions;
    for (const institution of institutions) {
      this.byCode.set(institution.code, institution);
      const list = this.byArea.get(institution.area);
      if (list) list.push(institution);
      else this.byArea.set(institution.area, [institution]);
    }
  }

  of(area: string, ...kinds: Kind[]): Institution[] {
    return (this.byArea.get(area) ?? []).filter((institution) => kinds.includes(institution.kind));
  }

  /** The community centre or township hospital of the neighbourhood: everyone of a sub-district has the same. */
  primaryOf(resident: Resident): Institution {
    const list = this.of(resident.address.area, 'community', 'township');
    let hash = 0;
    for (const character of resident.address.subDistrict) hash = (hash * 31 + character.codePointAt(0)!) >>> 0;
    return list[hash % list.length]!;
  }

  hospitalOf(resident: Resident, random: Random): Institution {
    const own = this.of(resident.address.area, 'hospital');
    const favourite = own[resident.household % own.length]!;
    return random.chance(0.75) ? favourite : random.pick(own);
  }

  /** A large hospital in one of the central districts, where people of the whole region go with serious matters. */
  centralOf(resident: Resident, random: Random): Institution {
    const central = this.institutions.filter(
      (institution) => institution.tier === 3 && institution.district.land === 'central',
    );
    return random.chance(0.7) ? central[resident.household % central.length]! : random.pick(central);
  }

  maternityOf(resident: Resident): Institution {
    const own = this.of(resident.address.area, 'maternal-child').filter(
      (institution) => institution.protocol !== 'cda',
    );
    return own[0] ?? this.of(resident.address.area, 'hospital')[0]!;
  }

  cdcOf(area: string): Institution {
    return this.of(area, 'cdc')[0]!;
  }
}
