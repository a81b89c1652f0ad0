/** Titles of top's columns, also as its translations (procps-ng) have them. */

/** English title to its translations, separated by spaces. */
const TRANSLATIONS: Readonly<Record<string, string>> = {
  PID: "\u8fdb\u7a0b\u53f7",
  PPID: "FPID",
  UID: "AID",
  USER: "UTIL. \u10db\u10dd\u10db\u10ee\u10db\u10d0\u10e0\u10d4\u10d1\u10d4\u10da\u10d8 U\u017bYTK. USUARIO UTILIZ. ANV\u00c4NDARE \u041a\u041e\u0420. NG_D\u00d9NG",
  RUID: "UIDR VAID",
  RUSER: "U\u017bYTK.R. UTILIZ.R VANV",
  SUID: "UIDS SAID",
  SUSER: "U\u017bYTK.Z. UTILIZ.S SANV",
  GID: "",
  GROUP: "GRUPPE GROUPE GRUPA GRUPO GRUP GRUPP NH\u00d3M",
  PGRP: "",
  TTY: "",
  TPGID: "",
  SID: "",
  PR: "PRI",
  NI: "",
  nTH: "nWT aTR",
  P: "\u10de",
  "%CPU": "",
  TIME: "ZEIT TEMPS \u10d3\u10e0\u10dd CZAS TEMPO TIMP TID GI\u1edc \u65f6\u95f4",
  "TIME+": "ZEIT+ TEMPS+ CZAS+ TEMPO+ TIMP+ TID+ THGIAN+",
  "%MEM": "%PAM %MIN",
  VIRT: "WIRT",
  SWAP: "\u00c9CH. V\u00c4XL",
  RES: "REZ",
  CODE: "KOD COD M\u00c3",
  DATA: "DATEN \u10db\u10dd\u10dc\u10d0\u10ea\u10d4\u10db\u10d4\u10d1\u10d8 DANE DADO DATE",
  SHR: "WSP M.PART DELT",
  // The words of procps 3.2.
  nFLT: "",
  nMaj: "aSto",
  nMin: "aSm\u00e5",
  nDRT: "aSmu",
  S: "\u10d9 \u65e5",
  COMMAND:
    "BEFEHL COM. \u10d1\u10e0\u10eb\u10d0\u10dc\u10d4\u10d1\u10d0 KOMENDA COMANDO COMANDA KOMMANDO L\u1ec6NH",
  WCHAN: "VKAN",
  Flags:
    "Schalter Fanions \u10d0\u10da\u10db\u10d4\u10d1\u10d8 Flagi Fanioane Flaggor \u041f\u0440\u0430\u043f\u043e\u0440\u0446\u0456 C\u1edd \u6807\u5fd7",
  CGROUPS: "CGROUP KGRUPPR",
  SUPGIDS: "SUPGID DOD.GID KOMPGID",
  SUPGRPS: "SUPGRP DOD.GR. KOMPGRP",
  TGID: "",
  OOMa: "OOMj Adj",
  OOMs: "OOMv Score",
  ENVIRON: "UMGEBUNG ZMIENNE MEDIU MILJ\u00d6 BI\u1ebeN_MT",
  vMj: "vSt",
  vMn: "vSm",
  USED: "UTIL U\u017b. USAD ANV D\u00d9NG",
  nsIPC: "nrIPK",
  nsMNT: "nrMNT",
  nsNET: "nrN\u00c4T",
  nsPID: "nrPID",
  nsUSER: "nrANV",
  nsUTS: "nrUTS",
  nsCGROUP: "nrGRUPPER",
  nsTIME: "nsTEMPS nsTIMP nrTID",
  LXC: "",
  RSan: "RZan",
  RSfd: "RZpl RSfb",
  RSlk: "RZbl RSl\u00e5",
  RSsh: "RZws RSdl",
  CGNAME: "NAZWACG KGNAMN",
  NU: "",
  LOGID: "",
  EXE: "K\u00d6RBAR",
  RSS: "",
  PSS: "ARSS",
  PSan: "ASan",
  PSfd: "ASfb",
  PSsh: "ASdelt",
  USS: "URSS",
  ioR: "esL ioL",
  ioRop: "esOpL ioL\u00e5t",
  ioW: "es\u00c9 ioS",
  ioWop: "esOp\u00e9 ioS\u00e5t",
  AGID: "IDAG",
  AGNI: "",
  STARTED:
    "D\u00c9MAR URUCH. \u00ceNCEPUT STARTAD \u0420\u041e\u0417\u041f\u041e\u0427\u0410\u0422\u041e",
  ELAPSED: "\u00c9COUL\u00c9 MINIONY SCURS F\u00d6RLUP.",
  "%CUU": "%CUA",
  "%CUC": "%CUE %CUB",
};

const TITLES: ReadonlyMap<string, string> = new Map(
  Object.entries(TRANSLATIONS).flatMap(([title, others]) =>
    [title, ...others.split(" ").filter((word) => word !== "")].map(
      (word) => [word, title] as const,
    ),
  ),
);

/** The English title; undefined for a word that is none. A column that is narrow ends before its title does (`COMMAN`, `SUPGRP`). */
export function topTitle(word: string): string | undefined {
  const title = TITLES.get(word);
  if (title !== undefined || word.length < 4) return title;
  for (const known of TITLES.keys()) if (known.startsWith(word)) return TITLES.get(known);
  return undefined;
}

/** What top's columns hold, when it is no plain number. */
export type TopColumnKind =
  | "text"
  | "memory"
  | "bytes"
  | "count"
  | "clock"
  | "priority"
  | "state"
  | "number";

const KINDS: readonly (readonly [TopColumnKind, string])[] = [
  [
    "text",
    "USER RUSER SUSER GROUP TTY COMMAND WCHAN Flags CGROUPS SUPGIDS SUPGRPS ENVIRON LXC CGNAME EXE",
  ],
  ["memory", "VIRT SWAP RES CODE DATA SHR USED RSan RSfd RSlk RSsh RSS PSS PSan PSfd PSsh USS"],
  ["bytes", "ioR ioW"],
  ["count", "nFLT nMaj nMin nDRT vMj vMn ioRop ioWop"],
  ["clock", "TIME TIME+ STARTED ELAPSED"],
  ["priority", "PR"],
  ["state", "S"],
];

const KIND_OF_TITLE: ReadonlyMap<string, TopColumnKind> = new Map(
  KINDS.flatMap(([kind, titles]) => titles.split(" ").map((title) => [title, kind] as const)),
);

export function topColumnKind(title: string): TopColumnKind {
  return KIND_OF_TITLE.get(title) ?? "number";
}
