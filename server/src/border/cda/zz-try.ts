import { readFileSync, readdirSync } from 'node:fs';
import { parseDocument, translate, write, narrative } from '/work/main/server/src/border/cda/index.ts';
import { validateResource } from '@hutong/fhir';
const dir='/work/main/server/src/border/cda/fixtures/';
for (const f of readdirSync(dir).filter(f=>f.endsWith('.xml'))) {
  const d = parseDocument(readFileSync(dir+f));
  if (Array.isArray(d)) { console.log(f, d); continue; }
  const t = translate(d, {institution:'H500999001', receivedAt:'2026-03-10T00:00:00.000Z'});
  console.log('==',f,t.kind,t.controlId,t.sentAt);
  console.log(t.facts.map(x=>x.resource.resourceType+' '+x.key).join('\n'));
  console.log('UNMAPPED',t.unmapped); console.log('ISSUES',t.issues.map(i=>i.rule+' '+i.path));
  for (const x of t.facts) for (const e of validateResource(x.resource)) if (e.severity==='error') console.log('INVALID',x.resource.resourceType,e);
  if (process.argv[2] && f.includes(process.argv[2])) console.log(JSON.stringify(t.facts.filter(x=>x.resource.resourceType!=='Binary'),null,1), JSON.stringify(narrative(d),null,1));
}
