/** The categories of Unicode by the short names that Go has for them; a name of theirs is read without regard to case. */
export const categories: readonly string[] =
  "C Cc Cf Cn Co Cs L LC Ll Lm Lo Lt Lu M Mc Me Mn N Nd Nl No P Pc Pd Pe Pf Pi Po Ps S Sc Sk Sm So Z Zl Zp Zs".split(
    " ",
  );

/** The long names of categories, as name and short name, without the marks between words. */
export const categoryAliases: readonly (readonly [name: string, category: string])[] = [
  ["CasedLetter", "LC"],
  ["ClosePunctuation", "Pe"],
  ["CombiningMark", "M"],
  ["ConnectorPunctuation", "Pc"],
  ["Control", "Cc"],
  ["CurrencySymbol", "Sc"],
  ["DashPunctuation", "Pd"],
  ["DecimalNumber", "Nd"],
  ["EnclosingMark", "Me"],
  ["FinalPunctuation", "Pf"],
  ["Format", "Cf"],
  ["InitialPunctuation", "Pi"],
  ["Letter", "L"],
  ["LetterNumber", "Nl"],
  ["LineSeparator", "Zl"],
  ["LowercaseLetter", "Ll"],
  ["Mark", "M"],
  ["MathSymbol", "Sm"],
  ["ModifierLetter", "Lm"],
  ["ModifierSymbol", "Sk"],
  ["NonspacingMark", "Mn"],
  ["Number", "N"],
  ["OpenPunctuation", "Ps"],
  ["Other", "C"],
  ["OtherLetter", "Lo"],
  ["OtherNumber", "No"],
  ["OtherPunctuation", "Po"],
  ["OtherSymbol", "So"],
  ["ParagraphSeparator", "Zp"],
  ["PrivateUse", "Co"],
  ["Punctuation", "P"],
  ["Separator", "Z"],
  ["SpaceSeparator", "Zs"],
  ["SpacingMark", "Mc"],
  ["Surrogate", "Cs"],
  ["Symbol", "S"],
  ["TitlecaseLetter", "Lt"],
  ["Unassigned", "Cn"],
  ["UppercaseLetter", "Lu"],
  ["cntrl", "Cc"],
  ["digit", "Nd"],
  ["punct", "P"],
];

/**
 * The scripts that Go finds. Those whose names have several words are missing: Go takes the marks between the words
 * away before it looks the name up, and then does not find it.
 */
export const scripts: readonly string[] =
  "Adlam Ahom Arabic Armenian Avestan Balinese Bamum Batak Bengali Bhaiksuki Bopomofo Brahmi Braille Buginese Buhid Carian Chakma Cham Cherokee Chorasmian Common Coptic Cuneiform Cypriot Cyrillic Deseret Devanagari Dogra Duployan Elbasan Elymaic Ethiopic Georgian Glagolitic Gothic Grantha Greek Gujarati Gurmukhi Han Hangul Hanunoo Hatran Hebrew Hiragana Inherited Javanese Kaithi Kannada Katakana Kawi Kharoshthi Khmer Khojki Khudawadi Lao Latin Lepcha Limbu Lisu Lycian Lydian Mahajani Makasar Malayalam Mandaic Manichaean Marchen Medefaidrin Miao Modi Mongolian Mro Multani Myanmar Nabataean Nandinagari Newa Nko Nushu Ogham Oriya Osage Osmanya Palmyrene Phoenician Rejang Runic Samaritan Saurashtra Sharada Shavian Siddham Sinhala Sogdian Soyombo Sundanese Syriac Tagalog Tagbanwa Takri Tamil Tangsa Tangut Telugu Thaana Thai Tibetan Tifinagh Tirhuta Toto Ugaritic Vai Vithkuqi Wancho Yezidi Yi".split(
    " ",
  );
