/// Given names and surnames that are words, places or brands as well: they tell of a person only beside another name.
enum AmbiguousNames {
    /// In Latin letters without their marks.
    static let latin: StaticString = """
        amber angel aoi april archer asia august austin autumn baker ball banks baron basil bass beach bean
        bell berry best bill bin bird black blanco block blue bobby bond bonds branch brandy bright brooks
        brown buck buddy bush camp campos can candy carolina carter case cash castle chad chan charlotte
        chase cherry christian church clay cliff cole cook cooper costa crane cross cruz crystal curry daisy
        dale dallas dawn day dean dee destiny dev diamond diego drake drew duke earl early england english
        ernest eve faith field fields fish fisher florence flores flowers ford fox francisco frank french
        frost gates gay gene georgia german ginger glen gold golden good goode goodman grace grant gray
        green guy hall hand hao hardy hazel head heath heather hill hills holland holly hong hooks hope
        house houston hunt hunter hyde iris israel ivy jack jackson jade jay jerry jesus jing jordan joy
        june justice kai kay key keys kim king knight lake lamb land lane law lay lemon leon light lily lima
        lin lincoln ling little london long lord love luna madison madrid major mark marks marshall mason
        max may mei melody mercedes mercer merchant miles miller mills ming minh misty montes moody moon
        mora moss murcia noble north odd olive orlando pace pack page paris park parker parks pat paz pearl
        penny per pike ping pool pope porter post potter potts powers price priest prince queen quick ray
        read real reed ren rey reyes rhodes rice rich rin ring rios rivera rivers rob robin rock roman root
        rosa rose ruby rush rusty ruth ryder said sales salmon santiago santos savage savannah sawyer self
        sellers sevilla sharp shepherd sherry shields short sierra silver singer singleton small smith snow
        son song sparks spears staples starks sterling stone strange street strong summer sun swan swift
        sydney tackett tao taylor temple tiffany toledo travis tucker turner tyler valencia valentin vance
        vega victoria violet virginia wade walker wall walls wang ward ware waters watts weaver weeks wei
        wells west wheeler white will winter wise wolf wood woods wright xin yan yang yates york young
        zaragoza
        """
}
