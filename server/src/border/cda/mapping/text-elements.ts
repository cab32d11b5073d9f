/**
 * Data elements whose place is the readable text of their section in the Composition: words of a doctor that nobody counts.
 * The label is ours (senders vary theirs), so that writing finds the element again.
 */
export const textElements: Readonly<Record<string, string>> = {
  'DE04.01.119.00': '主诉',
  'DE02.10.071.00': '现病史',
  'DE02.10.099.00': '既往史',
  'DE02.10.023.00': '过敏史标志',
  'DE05.01.022.00': '过敏史',
  'DE04.10.258.00': '体格检查',
  'DE04.30.010.00': '辅助检查项目',
  'DE04.30.009.00': '辅助检查结果',
  'DE02.10.028.00': '中医“四诊”观察结果',
  'DE05.10.132.00': '辨证依据',
  'DE06.00.300.00': '治则治法',
  'DE04.01.117.00': '症状描述',
  'DE06.00.159.00': '治疗计划',
  'DE06.00.296.00': '诊疗过程描述',
  'DE06.00.196.00': '初诊标志',
  'DE02.01.079.00': '特殊检查标志',
  'DE06.00.179.00': '备注',
  'DE02.10.103.00': '家族史',
  'DE02.10.022.00': '个人史',
  'DE02.10.026.00': '疾病史',
  'DE05.10.006.00': '病情概括及主要检查结果',
};
