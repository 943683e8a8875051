// What the page says, in English and Korean. Elements with data-text or data-label are filled in from here.
const english = {
  skip: "Skip to the message box", tagline: "sandbox: a stand-in for Slack on this machine", faults: "Faults",
  workspaces: "Workspaces", side: "Channels and learners", writeAs: "Write as", channels: "Channels", parts: "Parts of the page",
  people: "People", channel: "Channel", app: "App", message: "Message", send: "Send", enterSends: "Enter sends, Shift + Enter starts a new line",
  kind: "Which summary", daily: "Today's summary", weekly: "This week's summary", monthly: "This month's summary", run: "Run now", commands: "Commands",
  faultsAbout: "What goes wrong on purpose, from the next call on. Shares are of all calls.", noFaults: "No faults", close: "Close",
  connected: "Live", connecting: "Connecting…", events: "Events accepted", posts: "Summaries posted", calls: "Model calls",
  messageTo: name => `Message #${name}`, writingAs: name => `Writing as ${name}`, edited: "(edited)", edit: "Edit", remove: "Delete", save: "Save", cancel: "Cancel",
  editAt: time => `Edit the message of ${time}`, removeAt: time => `Delete the message of ${time}`, editOf: start => `Edit the message “${start}”`,
  editKeys: "Enter saves, Esc leaves", removeAsked: "Delete this message? This cannot be undone.", onlyYou: "Only visible to you", noMessage: "That message is not here, or no longer.",
  accepted: "✓ delivered", pending: "… sending", retrying: why => `↻ retrying (${why})`, refused: why => `✕ refused (${why})`, failed: why => `✕ not delivered (${why})`,
  deliveredIn: ms => `StudyTracker answered 200 after ${ms} ms`, attempts: n => `${n} attempts so far`,
  emptyTitle: "Write down what you studied", emptyChannel: ["Pick who you are, under “Write as”.", "Write what you studied in the box below.", "Press “Run now” in the app's conversation, and the summary arrives there."],
  examples: "Write some examples for me", emptyAppTitle: "No summary yet", emptyApp: name => `StudyTracker sends ${name}'s summaries here, as a direct message.`,
  channelAbout: (zone, name) => `Study log of the workspace · times in ${zone}, where ${name} is`, appAbout: name => `Direct messages to ${name}`,
  starting: "Asking for a run…", planning: "Planning who gets a summary…", writing: (done, all) => `Writing: ${done} of ${all} summaries`,
  waiting: (done, all) => `${done} of ${all} summaries are written; the others wait for the model.`, finished: what => `Finished. ${what}`,
  runWritten: n => `${n} written.`, runEmpty: n => `${n} not written, because the messages were deleted meanwhile.`, runParked: (n, why) => `${n} given up${why ? ` (${why})` : ""}.`,
  runHeldBack: (n, all) => `No summary for ${n} of ${all} with something new: paused or stopped. /study resume turns it on again.`,
  runNothingNew: "There is nothing new to summarise.", runNobody: "Nobody has written to StudyTracker yet.",
  runDelivered: (n, all) => `${n} of ${all} delivered.`, runUndelivered: n => `${n} could not be delivered.`,
  paused: (name, until) => `Summaries for ${name} are paused${until ? ` until ${until}` : ""}.`, resume: "Resume",
  revising: n => n === 1 ? "A message has changed: the summary that rests on it is being revised, which takes a minute or so." : `Messages have changed: ${n} summaries that rest on them are being revised, which takes a minute or so.`,
  requested: "The run was accepted. Summaries arrive below.", notAccepted: why => `The run was not accepted (${why}).`,
  notPressed: why => `StudyTracker did not take it (${why}).`, problem: why => `That did not work: ${why}`, more: n => `and ${n} more learners`,
  rateLimits: "Slack's rate limits", modelLatencyMs: "Model latency, ms", 
  rateLimited: "Rate limited (429)", serverError: "Server error (500)", hang: "No answer", nonsense: "Not JSON", truncated: "Cut off", resetAfterAccept: "Posted, then reset",
  model: "Model", slack: "Slack Web API", general: "General", seed: "Seed", hangMs: "No answer for, ms", modelJitterMs: "Model latency by chance, ms", modelRequestsPerMinute: "Model calls a minute, 0 for any",
  tokenLifetimeSeconds: "Tokens last, s, 0 for ever", orgWideInstall: "Install for the organisation",
  retryAfterDate: "429, Retry-After a date", retryAfterFraction: "429, Retry-After 1.5", retryAfterZero: "429, Retry-After 0", retryAfterAbsent: "429 without Retry-After",
  rateLimitedBody: "ratelimited in a 200", badGateway: "502, HTML", internalError: "internal_error in a 200", fatalError: "fatal_error in a 200", tokenExpired: "token_expired",
  notJson: "Not JSON", cutOff: "Half a JSON object",
  userTitle: "Learner", perUser: name => `Slack's error for ${name}`, none: "none", home: "Home",
};
const korean = {
  skip: "메시지 입력란으로 건너뛰기", tagline: "샌드박스: 이 컴퓨터에서 Slack을 대신합니다", faults: "장애 주입",
  workspaces: "워크스페이스", side: "채널과 학습자", writeAs: "작성자", channels: "채널", parts: "화면 구역",
  people: "사람", channel: "채널", app: "앱", message: "메시지", send: "보내기", enterSends: "Enter 보내기 · Shift + Enter 줄바꿈",
  kind: "요약 종류", daily: "오늘의 요약", weekly: "이번 주 요약", monthly: "이번 달 요약", run: "지금 실행", commands: "명령",
  faultsAbout: "다음 호출부터 일부러 일으킬 장애입니다. 비율은 전체 호출에 대한 것입니다.", noFaults: "장애 없음", close: "닫기",
  connected: "실시간", connecting: "연결 중…", events: "수신된 이벤트", posts: "전송된 요약", calls: "모델 호출",
  messageTo: name => `#${name}에 메시지 보내기`, writingAs: name => `${name} 이름으로 작성`, edited: "(편집됨)", edit: "편집", remove: "삭제", save: "저장", cancel: "취소",
  editAt: time => `편집: ${time} 메시지`, removeAt: time => `삭제: ${time} 메시지`, editOf: start => `메시지 편집: “${start}”`,
  editKeys: "Enter 저장 · Esc 취소", removeAsked: "이 메시지를 삭제할까요? 되돌릴 수 없습니다.", onlyYou: "나에게만 표시됨", noMessage: "그 메시지는 여기에 없거나 삭제되었습니다.",
  accepted: "✓ 전달됨", pending: "… 전송 중", retrying: why => `↻ 재시도 중 (${why})`, refused: why => `✕ 거부됨 (${why})`, failed: why => `✕ 전달 실패 (${why})`,
  deliveredIn: ms => `StudyTracker가 ${ms}ms 만에 200으로 응답`, attempts: n => `지금까지 ${n}회 시도`,
  emptyTitle: "공부한 내용을 적어 보세요", emptyChannel: ["‘작성자’에서 누구로 쓸지 고릅니다.", "아래 입력란에 공부한 내용을 적습니다.", "앱 대화에서 ‘지금 실행’을 누르면 요약이 도착합니다."],
  examples: "예시 기록 넣기", emptyAppTitle: "아직 요약이 없습니다", emptyApp: name => `StudyTracker가 ${name} 님의 요약을 이 대화로 보냅니다.`,
  channelAbout: (zone, name) => `워크스페이스 공부 기록 · ${name} 님의 시간대 ${zone}`, appAbout: name => `${name} 님과의 다이렉트 메시지`,
  starting: "실행을 요청하는 중…", planning: "요약 대상을 정하는 중…", writing: (done, all) => `작성 중: 요약 ${all}건 가운데 ${done}건`,
  waiting: (done, all) => `요약 ${all}건 가운데 ${done}건을 썼고, 나머지는 모델을 기다리고 있습니다.`, finished: what => `완료. ${what}`,
  runWritten: n => `${n}건 작성.`, runEmpty: n => `${n}건은 그사이 메시지가 삭제되어 쓰지 않았습니다.`, runParked: (n, why) => `${n}건 보류${why ? ` (${why})` : ""}.`,
  runHeldBack: (n, all) => `새 기록이 있는 ${all}명 가운데 ${n}명은 요약을 멈춰 두어 받지 않습니다. /study 재개로 다시 받을 수 있습니다.`,
  runNothingNew: "새로 요약할 기록이 없습니다.", runNobody: "아직 아무도 StudyTracker에 기록하지 않았습니다.",
  runDelivered: (n, all) => `${all}건 가운데 ${n}건 전달.`, runUndelivered: n => `${n}건은 전달하지 못했습니다.`,
  paused: (name, until) => `${name} 님의 요약을 ${until ? `${until}까지 ` : ""}멈췄습니다.`, resume: "다시 받기",
  revising: n => `메시지가 바뀌어, 그것을 바탕으로 한 요약 ${n}건을 고쳐 쓰는 중입니다. 1분쯤 걸립니다.`,
  requested: "실행이 접수되었습니다. 요약이 아래에 도착합니다.", notAccepted: why => `실행이 접수되지 않았습니다 (${why}).`,
  notPressed: why => `StudyTracker에 전달되지 않았습니다 (${why}).`, problem: why => `처리하지 못했습니다: ${why}`, more: n => `그 밖의 학습자 ${n}명`,
  rateLimits: "Slack 호출 제한", modelLatencyMs: "모델 지연(ms)", 
  rateLimited: "호출 제한 (429)", serverError: "서버 오류 (500)", hang: "응답 없음", nonsense: "JSON 아님", truncated: "잘린 응답", resetAfterAccept: "게시 후 연결 끊김",
  model: "모델", slack: "Slack Web API", general: "일반", seed: "시드", hangMs: "응답 없는 시간(ms)", modelJitterMs: "모델 지연의 편차(ms)", modelRequestsPerMinute: "분당 모델 호출(0: 제한 없음)",
  paymentRequired: "잔액 부족 (402)", quotaSpent: "한도 소진", contextExceeded: "프롬프트가 너무 김", schemaRefused: "스키마 거부 (400)", schemaUnprocessable: "스키마 거부 (422)",
  newLimitUnprocessable: "max_completion_tokens 거부", errorInside: "200 안의 오류", htmlPage: "HTML", brokenOff: "중간에 끊김", noChoices: "choices 없음", refusal: "거절",
  contentFilter: "콘텐츠 필터", reasoningOnly: "추론만 있음", codeFence: "코드 블록에 담김", chatter: "군말이 붙음", thinkTags: "think 태그", contentParts: "목록인 content",
  oddFinishReason: "낯선 finish_reason", oddSources: "낯선 sources", sparse: "빠진 필드", noUsage: "usage 없음", usageTooLow: "너무 작은 usage", unaskedStream: "청하지 않은 스트림",
  tokenLifetimeSeconds: "토큰 수명(초, 0: 무기한)", orgWideInstall: "조직 전체 설치",
  retryAfterDate: "429, Retry-After가 날짜", retryAfterFraction: "429, Retry-After가 소수", retryAfterZero: "429, Retry-After가 0", retryAfterAbsent: "429, Retry-After 없음",
  rateLimitedBody: "200 안의 ratelimited", badGateway: "502 (HTML)", internalError: "200 안의 internal_error", fatalError: "200 안의 fatal_error", tokenExpired: "token_expired",
  notJson: "JSON 아님", cutOff: "잘린 JSON",
  userTitle: "학습자", perUser: name => `${name} 님에 대한 Slack 오류`, none: "없음", home: "홈",
};

const asked = new URLSearchParams(location.search).get("lang") ?? localStorage.getItem("language") ?? navigator.language;
export let language = asked.startsWith("ko") ? "ko" : "en";

/** The text of a name; of texts that take values, the function. */
export const say = name => (language === "ko" ? korean : english)[name];

/** The text of a name, or another when it has none. */
export const sayOr = (name, other) => (typeof say(name) === "string" ? say(name) : other);

/** Changes the language and remembers it. */
export function setLanguage(wanted) {
  language = wanted;
  localStorage.setItem("language", wanted);
}

/** Fills in every element that names a text. */
export function fillTexts() {
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = say(element.dataset.text);
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", say(element.dataset.label));
}
