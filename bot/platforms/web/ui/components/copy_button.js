// Copies a text, on plain http too, where the clipboard's own interface is not offered.
const SHOWN_MS = 1600;

function copyBySelection(text) {
  const box = document.createElement("textarea");
  box.value = text;
  box.style.position = "fixed";
  box.style.opacity = "0";
  document.body.append(box);
  box.select();
  const copied = document.execCommand("copy");
  box.remove();
  return copied;
}

export default {
  props: { text: String, label: String, doneLabel: String },
  template: `
    <button
      type="button"
      class="icon-button copy"
      :class="{ done }"
      :aria-label="done ? doneLabel : label"
      :title="done ? doneLabel : label"
      @click="copy"
    >
      <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
        <path v-if="done" d="M5 12.5l4.5 4.5L19 7.5" />
        <path
          v-else
          d="M9 9h9.5A1.5 1.5 0 0 1 20 10.5V19a1.5 1.5 0 0 1-1.5 1.5H10A1.5 1.5 0 0 1 8.5 19V9.5zM5.5
             15.5A1.5 1.5 0 0 1 4 14V5.5A1.5 1.5 0 0 1 5.5 4H14a1.5 1.5 0 0 1 1.5 1.5"
        />
      </svg>
      <span class="sr-only" role="status">{{ done ? doneLabel : "" }}</span>
    </button>
  `,
  data() {
    return { done: false };
  },
  methods: {
    async copy(event) {
      const button = event.currentTarget;
      if (navigator.clipboard) await navigator.clipboard.writeText(this.text);
      else if (!copyBySelection(this.text)) return;
      button.focus();
      this.done = true;
      setTimeout(() => (this.done = false), SHOWN_MS);
    },
  },
};
