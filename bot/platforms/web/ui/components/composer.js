// The box in which questions are typed; see bot/platforms/web/ui/elements.py.
const DRAFT = "reactune-draft";
const DOUBLE_CLICK_MS = 400;

export default {
  props: {
    placeholder: String,
    label: String,
    sendLabel: String,
    stopLabel: String,
    busy: Boolean,
  },
  emits: ["ask", "stop"],
  template: `
    <form class="composer" @submit.prevent="press">
      <textarea
        ref="box"
        class="composer-box"
        rows="1"
        enterkeyhint="send"
        :aria-label="label"
        :placeholder="placeholder"
        :value="text"
        @input="typed"
        @keydown.enter="enter"
      ></textarea>
      <button
        type="submit"
        class="composer-button"
        :class="{ stop: busy }"
        :disabled="!busy && (pending || !text.trim())"
        :aria-label="busy ? stopLabel : sendLabel"
        :title="busy ? stopLabel : sendLabel"
      >
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
          <rect v-if="busy" x="7" y="7" width="10" height="10" rx="2" />
          <path v-else d="M12 19V5.5M6 11l6-6 6 6" />
        </svg>
      </button>
    </form>
  `,
  data() {
    return { text: sessionStorage.getItem(DRAFT) || "", pending: false, sentAt: 0 };
  },
  mounted() {
    this.fit();
    // On a phone the keyboard would cover half of the page before anything was read.
    if (matchMedia("(hover: hover)").matches) this.$refs.box.focus();
  },
  methods: {
    typed(event) {
      this.put(event.target.value);
    },
    put(text) {
      this.text = text;
      sessionStorage.setItem(DRAFT, text);
      this.$nextTick(this.fit);
    },
    fit() {
      const box = this.$refs.box;
      box.style.height = "auto";
      box.style.height = `${box.scrollHeight}px`;
    },
    enter(event) {
      // While Korean, Japanese or Chinese is being composed, Enter only ends the syllable;
      // Safari reports that keystroke after the composition, as code 229.
      if (event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      if (!this.busy) this.send();
    },
    press() {
      if (!this.busy) this.send();
      else if (Date.now() - this.sentAt > DOUBLE_CLICK_MS) this.$emit("stop");
    },
    send() {
      if (this.pending || !this.text.trim()) return;
      this.pending = true;
      this.sentAt = Date.now();
      this.$emit("ask", this.text);
      this.text = ""; // the draft is kept until the question is accepted
      this.$nextTick(this.fit);
    },
    accepted() {
      this.pending = false;
      sessionStorage.setItem(DRAFT, this.text);
    },
    giveBack(text) {
      this.pending = false;
      this.put(this.text ? `${text}\n${this.text}` : text);
      this.$refs.box.focus();
    },
  },
};
