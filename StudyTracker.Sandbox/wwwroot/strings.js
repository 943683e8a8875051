// What the page says, in English and Korean. Elements with data-text or data-label are filled in from here.
const english = {
  skip: "Skip to the message box", tagline: "sandbox: a stand-in for Slack on this machine", faults: "Faults",
  workspaces: "Workspaces", side: "Channels and learners", writeAs: "Write as", channels: "Channels", parts: "Parts of the page",
  people: "People", channel: "Channel", app: "App", message: "Message", send: "Send", enterSends: "Enter sends, Shift + Enter starts a new line",
  kind: "Which summary", daily: "Today's summary", weekly: "This week's summary", monthly: "This month's summary", run: "Run now",
  faultsAbout: "What goes wrong on purpose, from the next call on. Shares are of all calls.", noFaults: "No faults", close: "Close",
  connected: "Live", connecting: "Connecting…", events: "Events accepted", posts: "Summaries posted", calls: "Model calls",
  messageTo: name => `Message #${name}`, writingAs: name => `Writing as ${name}`, edited: "(edited)", edit: "Edit", remove: "Delete", save: "Save", cancel: "Cancel",
  accepted: "✓ delivered", pending: "… sending", retrying: why => `↻ retrying (${why})`, refused: why => `✕ refused (${why})`, failed: why => `✕ not delivered (${why})`,
  deliveredIn: ms => `StudyTracker answered 200 after ${ms} ms`, attempts: n => `${n} attempts so far`,
  emptyTitle: "Write down what you studied", emptyChannel: ["Pick who you are, under “Write as”.", "Write what you studied in the box below.", "Press “Run now” in the app's conversation, and the summary arrives there."],
  examples: "Write some examples for me", emptyAppTitle: "No summary yet", emptyApp: name => `StudyTracker sends ${name}'s summaries here, as a direct message.`,
  channelAbout: zone => `Study log of the workspace · times in ${zone}`, appAbout: name => `Direct messages to ${name}`,
  starting: "Asking for a run…", planning: "Planning who gets a summary…", writing: (done, all) => `Writing: ${done} of ${all} summaries`,
  finished: (all, parked) => all === 0 && !parked ? "Finished: nobody has written anything new." : `Finished: ${all} written${parked ? `, ${parked} given up` : ""}. They arrive one after the other.`,
  requested: "The run was accepted. Summaries arrive below.", notAccepted: why => `The run was not accepted (${why}).`,
  pressed: label => `“${label}”: StudyTracker has it.`, notPressed: why => `StudyTracker did not take it (${why}).`, problem: why => `That did not work: ${why}`, more: n => `and ${n} more learners`,
  rateLimits: "Slack's rate limits", modelLatencyMs: "Model latency, ms", modelTitle: "Model", slackTitle: "Slack Web API",
  rateLimited: "Rate limited (429)", serverError: "Server error (500)", hang: "No answer", nonsense: "Not JSON", truncated: "Cut off", resetAfterAccept: "Posted, then reset",
  userTitle: "Learner", perUser: name => `Slack's error for ${name}`, none: "none", home: "Home",
};
const korean = {
  skip: "메시지 입력란으로 건너뛰기", tagline: "샌드박스: 이 컴퓨터에서 Slack을 대신합니다", faults: "장애 주입",
  workspaces: "워크스페이스", side: "채널과 학습자", writeAs: "작성자", channels: "채널", parts: "화면 구역",
  people: "사람", channel: "채널", app: "앱", message: "메시지", send: "보내기", enterSends: "Enter 보내기 · Shift + Enter 줄바꿈",
  kind: "요약 종류", daily: "오늘의 요약", weekly: "이번 주 요약", monthly: "이번 달 요약", run: "지금 실행",
  faultsAbout: "다음 호출부터 일부러 일으킬 장애입니다. 비율은 전체 호출에 대한 것입니다.", noFaults: "장애 없음", close: "닫기",
  connected: "실시간", connecting: "연결 중…", events: "수신된 이벤트", posts: "전송된 요약", calls: "모델 호출",
  messageTo: name => `#${name}에 메시지 보내기`, writingAs: name => `${name} 이름으로 작성`, edited: "(편집됨)", edit: "편집", remove: "삭제", save: "저장", cancel: "취소",
  accepted: "✓ 전달됨", pending: "… 전송 중", retrying: why => `↻ 재시도 중 (${why})`, refused: why => `✕ 거부됨 (${why})`, failed: why => `✕ 전달 실패 (${why})`,
  deliveredIn: ms => `StudyTracker가 ${ms}ms 만에 200으로 응답`, attempts: n => `지금까지 ${n}회 시도`,
  emptyTitle: "공부한 내용을 적어 보세요", emptyChannel: ["‘작성자’에서 누구로 쓸지 고릅니다.", "아래 입력란에 공부한 내용을 적습니다.", "앱 대화에서 ‘지금 실행’을 누르면 요약이 도착합니다."],
  examples: "예시 기록 넣기", emptyAppTitle: "아직 요약이 없습니다", emptyApp: name => `StudyTracker가 ${name} 님의 요약을 이 대화로 보냅니다.`,
  channelAbout: zone => `워크스페이스 공부 기록 · 시간대 ${zone}`, appAbout: name => `${name} 님과의 다이렉트 메시지`,
  starting: "실행을 요청하는 중…", planning: "요약 대상을 정하는 중…", writing: (done, all) => `작성 중: 요약 ${all}건 가운데 ${done}건`,
  finished: (all, parked) => all === 0 && !parked ? "완료: 새로운 기록이 없습니다." : `완료: ${all}건 작성${parked ? `, ${parked}건 보류` : ""}. 차례로 도착합니다.`,
  requested: "실행이 접수되었습니다. 요약이 아래에 도착합니다.", notAccepted: why => `실행이 접수되지 않았습니다 (${why}).`,
  pressed: label => `‘${label}’: StudyTracker에 전달되었습니다.`, notPressed: why => `StudyTracker에 전달되지 않았습니다 (${why}).`, problem: why => `처리하지 못했습니다: ${why}`, more: n => `그 밖의 학습자 ${n}명`,
  rateLimits: "Slack 호출 제한", modelLatencyMs: "모델 지연(ms)", modelTitle: "모델", slackTitle: "Slack Web API",
  rateLimited: "호출 제한 (429)", serverError: "서버 오류 (500)", hang: "응답 없음", nonsense: "JSON 아님", truncated: "잘린 응답", resetAfterAccept: "게시 후 연결 끊김",
  userTitle: "학습자", perUser: name => `${name} 님에 대한 Slack 오류`, none: "없음", home: "홈",
};

const asked = new URLSearchParams(location.search).get("lang") ?? localStorage.getItem("language") ?? navigator.language;
export let language = asked.startsWith("ko") ? "ko" : "en";

/** The text of a name; of texts that take values, the function. */
export const say = name => (language === "ko" ? korean : english)[name];

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

/** What learners could have written, for the first try. */
export const examples = {
  ko: [
    "TCP 혼잡 제어를 공부했다. 슬로 스타트에서는 혼잡 윈도가 RTT마다 두 배로 커지고, 임계값을 넘으면 선형으로 증가한다.",
    "혼잡 회피와 빠른 재전송의 차이가 처음에는 헷갈렸는데, 중복 ACK 3개를 기준으로 정리하니 이해가 됐다.",
    "다익스트라 알고리즘을 우선순위 큐로 구현해 백준 1753번을 풀었다. 음수 간선이 있으면 벨만-포드를 써야 한다.",
    "내일은 TCP 혼잡 제어 그래프를 보지 않고 다시 그려 볼 것!",
  ],
  en: [
    "Read the chapter on B-tree indexes. A B-tree keeps its leaves at the same depth, so every lookup costs the same number of page reads.",
    "Implemented binary search tree deletion. The case with two children was confusing until I replaced the node with its in-order successor.",
    "Measured a query with and without the B-tree index: 840 ms went down to 3 ms on one million rows.",
    "Tomorrow: write amplification in LSM trees compared with a B-tree.",
  ],
};
