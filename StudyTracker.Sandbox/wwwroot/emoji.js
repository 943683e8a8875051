// Slack's names of emoji: those that people use when they write about what they study, and those of our messages.
const names = {
  books: "📚", book: "📖", open_book: "📖", blue_book: "📘", green_book: "📗", orange_book: "📙", closed_book: "📕", notebook: "📓", memo: "📝", pencil: "📝",
  pencil2: "✏️", writing_hand: "✍️", seedling: "🌱", sparkles: "✨", tada: "🎉", bulb: "💡", dart: "🎯", calendar: "📅", date: "📅", clock3: "🕒", alarm_clock: "⏰",
  hourglass: "⌛", hourglass_flowing_sand: "⏳", muscle: "💪", clap: "👏", wave: "👋", pray: "🙏", raised_hands: "🙌", ok_hand: "👌", thumbsup: "👍", "+1": "👍",
  thumbsdown: "👎", "-1": "👎", point_right: "👉", point_up: "☝️", eyes: "👀", heart: "❤️", broken_heart: "💔", fire: "🔥", star: "⭐", star2: "🌟", zap: "⚡", boom: "💥",
  "100": "💯", rocket: "🚀", trophy: "🏆", medal: "🏅", mortar_board: "🎓", brain: "🧠", robot_face: "🤖", computer: "💻", keyboard: "⌨️", bug: "🐛", gear: "⚙️",
  wrench: "🔧", hammer: "🔨", package: "📦", lock: "🔒", unlock: "🔓", key: "🔑", link: "🔗", mag: "🔍", mag_right: "🔎", chart_with_upwards_trend: "📈",
  chart_with_downwards_trend: "📉", bar_chart: "📊", clipboard: "📋", pushpin: "📌", paperclip: "📎", bookmark: "🔖", speech_balloon: "💬", thought_balloon: "💭",
  question: "❓", grey_question: "❔", exclamation: "❗", warning: "⚠️", no_entry: "⛔", x: "❌", white_check_mark: "✅", heavy_check_mark: "✔️", ballot_box_with_check: "☑️",
  arrow_right: "➡️", arrow_left: "⬅️", arrow_up: "⬆️", arrow_down: "⬇️", grinning: "😀", smile: "😄", smiley: "😃", grin: "😁", joy: "😂", laughing: "😆", blush: "😊", wink: "😉",
  slightly_smiling_face: "🙂", upside_down_face: "🙃", thinking_face: "🤔", sweat_smile: "😅", sob: "😭", cry: "😢", confused: "😕", disappointed: "😞", tired_face: "😫",
  sleepy: "😪", sleeping: "😴", sunglasses: "😎", nerd_face: "🤓", exploding_head: "🤯", scream: "😱", face_with_rolling_eyes: "🙄", coffee: "☕", tea: "🍵", pizza: "🍕",
  sunny: "☀️", crescent_moon: "🌙", rainbow: "🌈", snake: "🐍", crab: "🦀", whale: "🐳", elephant: "🐘", turtle: "🐢", cat: "🐱", dog: "🐶", kr: "🇰🇷", de: "🇩🇪", us: "🇺🇸",
};

/** Emoji in place of their names; a name that is not known stays. */
export const withEmoji = text => text.replace(/:([a-z0-9_+-]+):(?::skin-tone-[2-6]:)?/g, (all, name) => names[name] ?? all);
