/* Two tools of the text editor: a live figure of a race, and words that are checked against one. */
(() => {
  const { draftail, DraftJS, React, jQuery, wagtail } = window;
  const { EditorState, Modifier, RichUtils } = DraftJS;

  const onStep = (modal) => {
    modal.ajaxifyForm(jQuery("[data-figure-form]", modal.body));
    jQuery("[data-figure-link]", modal.body).on("click", (event) => {
      event.preventDefault();
      modal.loadUrl(event.currentTarget.href);
    });
    jQuery("input[type=search], input:checked", modal.body).first().trigger("focus");
  };

  class FigureSource extends draftail.ModalWorkflowSource {
    getChooserConfig(entity, words) {
      const { type, chooserUrls } = this.props.entityType;
      const old = entity ? entity.getData() : {};
      const known = { tool: type, words, figure: old.figure || "", frozen: old.frozen || "" };
      return {
        url: old.contest ? `${chooserUrls.figureChooser}${old.contest}/` : chooserUrls.figureChooser,
        urlParams: known,
        onload: {
          race: onStep,
          figure: onStep,
          chosen: (modal, { result }) => this.onChosen(result),
        },
        responses: {},
      };
    }

    /* A figure brings its own text; checked words stay as they were written. */
    onChosen({ title, ...data }) {
      const { editorState, entityType, onComplete } = this.props;
      const isFigure = entityType.type === "LIVE-FIGURE";
      const selection = editorState.getSelection();
      const content = editorState
        .getCurrentContent()
        .createEntity(entityType.type, isFigure ? "IMMUTABLE" : "MUTABLE", data);
      const key = content.getLastCreatedEntityKey();
      let next = RichUtils.toggleLink(EditorState.set(editorState, { currentContent: content }), selection, key);
      if (isFigure) {
        const style = editorState.getCurrentInlineStyle();
        const replaced = Modifier.replaceText(content, selection, title, style, key);
        next = EditorState.push(editorState, replaced, "insert-characters");
      }
      this.workflow.close();
      onComplete(next);
    }
  }

  const Figure = (props) => {
    const { frozen, figure } = props.contentState.getEntity(props.entityKey).getData();
    const label = { frozen: "Frozen", checked: "Checked", live: "Live" };
    const kind = frozen ? "frozen" : props.name === "check" ? "checked" : "live";
    const icon = React.createElement(wagtail.components.Icon, { name: props.name });
    return React.createElement(draftail.TooltipEntity, { ...props, icon, label: `${label[kind]}: ${figure}` });
  };
  const decorator = (name) => (props) => React.createElement(Figure, { ...props, name });

  draftail.registerPlugin(
    { type: "LIVE-FIGURE", source: FigureSource, decorator: decorator("order") },
    "entityTypes",
  );
  draftail.registerPlugin(
    { type: "CHECKED-FACT", source: FigureSource, decorator: decorator("check") },
    "entityTypes",
  );
})();
