/**
 * CJK Radicals Supplement code points that look like whole characters; NFKC folds the Kangxi block but not these
 * (Unicode EquivalentUnifiedIdeograph). They come from PDF copies and from font-driven input methods.
 */
const RADICALS =
  '⺁厂⺂乙⺃乙⺄乙⺎兀⺏尢⺐尢⺒巳⺓幺⺕彐⺛旡⺝月⺟母⺠民⺧牛⺩王⺪疋⺫目⺮竹⺳网⺶羊⺷羊⺻聿⺼肉⺽臼⻁虎⻃西⻄西⻅见⻆角⻇角⻉贝⻊足⻋车' +
  '⻑长⻒长⻓长⻔门⻕阜⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞食⻡首⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫齐⻬齐⻭齿⻮齿⻯龙⻰龙⻱龟⻲龟⻳龟';

/**
 * GB 18030-2000 had no Unicode place for 80 characters (bytes FE50..FEA0) and used private-use points U+E815..U+E864;
 * GB 18030-2005 and -2022 gave them real ones. Old systems still send the private ones, 䶮 (U+E863) most of all.
 */
const PRIVATE_USE_E815 =
  '⺁𠂇𠂉𠃌⺄㑳㑇⺈⺋龴㖞㘚㘎⺌⺗㥮㤘龵㧏㧟㩳㧐龶龷㭎㱮㳠⺧𡗗龸⺪䁖䅟⺮䌷⺳⺶⺷𢦏䎱䎬⺻䏝䓖䙡䙌龹䜣䜩䝼䞍⻊䥇䥺䥽䦂䦃䦅䦆䦟䦛䦷䦶龺龻䲣䲟䲠䲡䱷䲢䴓䴔䴕䴖䴗䴘䴙䶮𤇾';

/** Folded code point to ordinary character. */
export const CODE_POINT_FOLDS: ReadonlyMap<string, string> = (() => {
  const map = new Map<string, string>();
  for (const [index, character] of [...PRIVATE_USE_E815].entries()) {
    map.set(String.fromCodePoint(0xe815 + index), character);
  }
  const radicals = [...RADICALS];
  for (let index = 0; index < radicals.length; index += 2) map.set(radicals[index]!, radicals[index + 1]!);
  return map;
})();
