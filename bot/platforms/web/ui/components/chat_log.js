// The conversation; it follows its own end until the reader scrolls up.
const NEAR_PX = 32;

export default {
  props: { label: String, toEndLabel: String, earlierLabel: String, more: Boolean },
  emits: ["earlier"],
  template: `
    <div class="log">
      <div
        ref="scroller"
        class="log-scroller"
        tabindex="0"
        role="region"
        :aria-label="label"
        @scroll.passive="scrolled"
        @wheel.passive="wheeled"
      >
        <div ref="column" class="log-column">
          <button v-if="more" type="button" class="quiet earlier" @click="earlier">
            {{ earlierLabel }}
          </button>
          <slot></slot>
        </div>
      </div>
      <button
        type="button"
        class="to-end"
        :class="{ shown: !atEnd }"
        :tabindex="atEnd ? -1 : 0"
        :aria-hidden="atEnd"
        :aria-label="toEndLabel"
        :title="toEndLabel"
        @click="toEnd"
      >
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
          <path d="M12 5v13.5M6 13l6 6 6-6" />
        </svg>
      </button>
    </div>
  `,
  data() {
    return { atEnd: true };
  },
  mounted() {
    this.observer = new ResizeObserver(() => this.follow());
    this.observer.observe(this.$refs.column);
    this.observer.observe(this.$refs.scroller);
  },
  unmounted() {
    this.observer.disconnect();
  },
  methods: {
    scrolled() {
      const { scrollHeight, scrollTop, clientHeight } = this.$refs.scroller;
      this.atEnd = scrollHeight - scrollTop - clientHeight < NEAR_PX;
    },
    wheeled(event) {
      const { scrollHeight, clientHeight } = this.$refs.scroller;
      if (event.deltaY < 0 && scrollHeight > clientHeight) this.atEnd = false;
    },
    earlier() {
      // What is put in above must not push away what is being read.
      this.kept = this.$refs.column.querySelector(".turn");
      this.keptTop = this.kept?.offsetTop;
      this.atEnd = false;
      this.$refs.scroller.focus({ preventScroll: true }); // the button may go
      this.$emit("earlier");
    },
    follow() {
      if (this.atEnd) this.toEnd();
      else if (this.kept?.isConnected) {
        this.$refs.scroller.scrollTop += this.kept.offsetTop - this.keptTop;
        this.keptTop = this.kept.offsetTop;
      }
    },
    toEnd() {
      this.kept = null;
      this.atEnd = true;
      this.$refs.scroller.scrollTop = this.$refs.scroller.scrollHeight;
    },
  },
};
