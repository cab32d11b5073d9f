/**
 * Variant characters that neither NFKC nor OpenCC fold, as "variants standard" groups: everything before the last
 * character is read as the last. Sources: First Table of Variant Characters (1955), the notes of the Table of General
 * Standard Chinese Characters (2013), Unihan kSemanticVariant/kZVariant. Folding serves matching only: a person called
 * 喆 keeps the character on the record, and the group merely says that a clerk may have typed 哲.
 */
const GROUPS = `
淩凌 凃涂 彜彞彝 髙高 眞真 甯寗寕宁 喆嚞哲 堃坤 祐佑 衞卫 昇陞升 弌一 弍二 弎三 峯峰 羣群 畧略 秌穐龝秋
咊龢和 囯圀国 呉吴 黒黑 悳惪德 徳德 郞郎 鄕郷乡 靑青 淸清 曺曹 恆恒 仝同 邨村 甦苏 蘓苏 氾泛 勣绩 菉绿
迺廼乃 逕径 祕秘 犇奔 澂澄 崙仑 崑昆 峩峨 巗巌嵒嵓喦岩 敍叙 煖暖 煇辉 煕熈凞熙 烱炯 珎珍 瓌瑰 璿琁璇
栢柏 桮杯 棊碁棋 栁桺柳 楳槑梅 樑梁 榘矩 欵款 洩泄 浄净 湼涅 渕渊 滙汇 濵滨 濬浚 濶阔 灋法 菸烟 燄焰
爕燮 犂犁 猨猿 畱留 疎疏 皐臯皋 皜皓 暭皥皞 砲炮 磵涧 禩祀 穉稺稚 竝并 筍笋 箇个 繡綉绣 緜绵 絃弦 綵彩
聟壻婿 聡聦聪 脗吻 艶艷豔艳 荳豆 莕荇 菴庵 萅旾春 葠蓡薓参 蓴莼 蕋蘂橤蕊 蕚萼 蘐萲蕿藼萱 虯虬 螎融 衇脉
裠裙 覩睹 覌观 詠咏 謌歌 譌讹 賛讃讚赞 趂趁 跡蹟迹 躭耽 輭软 辤辞 廻逥囘回 遯遁 隣邻 採寀采 鉄銕铁
錬鍊炼 鋭锐 鎻锁 鑒鉴 鑛矿 閒闲 隄堤 隝嶋嶌岛 雝雍 霛灵 顔颜 飃飘 飇飈飙 騐验 懽讙欢 鬰欝郁 鱻鲜 鵞鹅
鶏鸡 麐麟 麤麄粗 麪面 黙默 鼇鳌 斉齐 亝齐 斎斋 亀龟 竜龙 歯齿 恵惠 栄荣 桜樱 沢泽 広广 関关 戸户 産产
兪俞 倶俱 偉伟 兎兔 冨富 冩写 凜凛 凴凭 刄刃 効效 勅敕 勗勖 勲勋 卋世 厛厅 喫吃 囍喜 坿附 垜垛 埜野
墖塔 壷壶 奬奖 姉姊 姙妊 姪侄 娯娱 婣姻 媿愧 嫺娴 寃冤 寛宽 寳宝 尅克 屛屏 岺岭 嵗岁 巵卮 帋纸 幷并
庻庶 弔吊 彊强 強强 彥彦 彿佛 恠怪 恊协 悅悦 悤匆 慙惭 戱戏 扵于 抝拗 挿插 搃总 搇揿 撐撑 敎教 斈学
斚斝 晉晋 晧皓 暎映 曡叠 朙明 朢望 栞刊 桒桑 梹槟 棃梨 槇槙 槗桥 歩步 歳岁 殻壳 毎每 氷冰 汚污 淨净
渇渴 溫温 滝泷 澁涩 瀬濑 焫爇 煑煮 燐磷 爭争 牀床 狥徇 玅妙 琱雕 瑤瑶 璢瑠琉 瓈璃 甁瓶 畆畒畝亩 畵画
疉叠 癡痴 皷鼓 盇盍 盌碗 眎视 睂眉 瞾曌 矦侯 硏研 碪砧 祿禄 禮礼 禱祷 秊年 稉粳 穂穗 窓窗 竸竞 筭算
箒帚 簒篡 粬曲 糓谷 紘纮 緖绪 縣县 繼继 纎纤 翶翱 耉耇 聨联 肎肯 肅肃 脩修 腁胼 臈腊 艁造 芲花 苐第
茘荔 荘庄 莭节 萬万 葊庵 葢盖 蔆菱 薗园 薫熏 藁稿 虗虚 蛍萤 衕同 袠帙 覇霸 覚觉 觧解 訢欣 詧察 誾訚
諡谥 謡谣 譽誉 豊丰 貳贰 賓宾 賔宾 賷赍 踈疏 躶裸 転转 輙辄 轟轰 逹达 遙遥 邉边 郰邹 酧酬 醖酝 釼剑
剣劒劔剑 鈆铅 鉤钩 錄录 鎭镇 鎌镰 鏁锁 閲阅 闗关 陥陷 陳陈 隠隐 隲骘 隷隶 雑杂 雞鸡 霊灵 靜静 鞌鞍
韮韭 頥颐 頼赖 顕显 顛颠 飜翻 餠饼 駆驱 駿骏 髪发 鬪斗 魲鲈 鮎鲇 鴈雁 鶯莺 麥麦 黌黉 锺钟
`;

/** Variant to standard; built once. A character that stands alone in its group says nothing and is left out. */
export const VARIANTS: ReadonlyMap<string, string> = (() => {
  const map = new Map<string, string>();
  for (const group of GROUPS.split(/\s+/)) {
    const characters = [...group];
    const standard = characters.pop();
    if (standard === undefined) continue;
    for (const variant of characters) if (variant !== standard) map.set(variant, standard);
  }
  return map;
})();
