// Invariants of the specification cheap and important enough to be checked on every write, in plain JavaScript.
// The rest are FHIRPath and belong to $validate. Key, expression and severity as published in R4 4.0.1.

/** Lines to append to the visiting function of `path`; `choices` names the variable that holds a choice's JSON name. */
export function nativeInvariants(path: string, kind: string, choices: Map<string, string>): string[] {
  const lines: string[] = [];
  const holds = (condition: string, key: string, english: string, zh: string): void => {
    lines.push(
      `if (!(${condition})) rt.invariant(false, '${key}', ${JSON.stringify(english)}, ${JSON.stringify(zh)}, c);`,
    );
  };
  if (path === 'Extension') {
    const value = choices.get('value');
    holds(
      `(v.extension !== undefined) !== (${value} !== '')`,
      'ext-1',
      'An extension has either a value or extensions of its own, not both and not neither.',
      '扩展必须有值或有子扩展，且只能有其一。',
    );
  }
  if (path === 'Quantity') {
    holds(
      'v.code === undefined || v.system !== undefined',
      'qty-3',
      'If a code for the unit is present, the system shall also be present.',
      '有单位代码时必须有单位代码系统。',
    );
  }
  if (path === 'Period') {
    holds(
      'rt.isOrdered(v.start, v.end)',
      'per-1',
      'The start must not be after the end.',
      '开始时间不得晚于结束时间。',
    );
  }
  if (path === 'Reference') {
    holds(
      'rt.isContainedThere(v.reference, c.container)',
      'ref-1',
      'A reference to a contained resource must name one that is there.',
      '所引用的内嵌资源不存在。',
    );
  }
  if (path === 'Narrative') {
    holds(
      'typeof v.div !== "string" || rt.isSafeNarrative(v.div)',
      'txt-1',
      'The narrative shall contain only basic HTML formatting and no scripts, forms or outside content.',
      '叙述文本只能含基本 HTML 格式，不得含脚本、表单或外部内容。',
    );
  }
  if (path === 'Observation') {
    holds(
      `v.dataAbsentReason === undefined || ${choices.get('value')} === ''`,
      'obs-6',
      'dataAbsentReason shall only be present if value[x] is not.',
      '有结果值时不得填写数据缺失原因。',
    );
  }
  if (kind === 'resource' && path !== 'Bundle' && path !== 'Binary' && path !== 'Parameters') {
    holds(
      '!c.inContained || v.contained === undefined',
      'dom-2',
      'A contained resource shall not contain resources.',
      '内嵌资源不得再内嵌资源。',
    );
  }
  return lines;
}
