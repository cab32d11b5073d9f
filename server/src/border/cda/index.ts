/**
 * Chinese shared documents (CDA R2, realm CN; WS/T 500-2016 and WS/T 483-2016), in and out. Pure: bytes to tree, tree to
 * facts, resources to XML. Structure rules and mappings are data.
 */
export { checkDocument } from './check/check-document.ts';
export { type StructureRule, structureRules } from './check/structure-rules.ts';
export type { TranslateOptions } from './context.ts';
export { type Kind, kindOf, type MappedKind, mappedKinds, type WrittenKind } from './kinds.ts';
export { type Narrative, type NarrativeSection, narrative } from './narrative.ts';
export { type CaseReport, writeCaseReport } from './out/case-report.ts';
export { type WriteInput, write } from './out/write.ts';
export { escapeText, type Node, node, render } from './out/xml.ts';
export { all, at, kindPathOf, ownText, pathOf, type XmlElement } from './read/element.ts';
export { type Document, defaultLimits, type Limits, parseDocument, parseXml } from './read/parse-document.ts';
export { parseTime, writeTime } from './read/time.ts';
export { type RuleId, rules } from './rules.ts';
export { oids, roots, urn } from './systems.ts';
export { translate } from './translate.ts';
