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
